import { adatt } from '@polytask/adatt';
import { mmoe } from '@polytask/baselines';
import {
  binary,
  embed,
  multiTaskModel,
  rowEncoder,
  type Examples,
  type ExpertSpec,
  expertVariants,
  gateVariants,
  type GateSpec,
  type Schema,
} from '@polytask/core';
import { fieldAttention, gatedExpert, mlp, residualMlp } from '@polytask/experts';
import {
  attentionGate,
  dselectKGate,
  entmaxGate,
  featureGate,
  gumbelGate,
  hardConcreteGate,
  maskGate,
  selectGate,
} from '@polytask/gating';
import { adam, fit, sgd, type OptimizerSpec } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { type ModelParts, models } from './models.ts';

const tasks = ['a', 'b', 'c'];
const size = { levels: [8, 6], experts: 6, tower: [3], embedding: 3 };
const schema: Schema = {
  features: {
    x: { kind: 'vector', width: 4 }, // with two embeddings of 3, ten numbers
    state: { kind: 'categorical', vocabulary: ['u', 'v', 'w'] },
    shop: { kind: 'hashed', buckets: 5 },
  },
  tasks: { a: binary(), b: binary(), c: binary() },
  context: ['state'],
};

/** 40 rows, so that the second batch is a short one. */
function examples(): Examples {
  const encode = rowEncoder(schema);
  const rows = Array.from({ length: 40 }, (_, r) => ({
    x: [0, 1, 2, 3].map((c) => Math.sin(3 * r + 5 * c * c + 1)),
    state: 'uvw'[r % 3],
    shop: `s${(r * 7) % 11}`,
  }));
  return {
    schema,
    size: rows.length,
    batch(at) {
      const chosen = Array.from(at, (r) => rows[r]!);
      const labels = Float32Array.from(tasks.flatMap((_, t) => chosen.map(({ x }) => Number(x[t]! > 0.1 * t))));
      return { ...encode(chosen), tasks, labels, weights: new Float32Array(labels.length).fill(1) };
    },
  };
}

/** An epoch is two steps. Gives losses, scores of all rows and every number of the model. */
async function trained(
  parts: ModelParts,
  engine: 'eager' | 'compiled' | 'wasm',
  how: { epochs: number; optimizer: OptimizerSpec } = { epochs: 2, optimizer: sgd(0.05) },
) {
  await tf.setBackend(engine === 'wasm' ? 'wasm' : 'cpu');
  const model = multiTaskModel({ schema, ...parts, seed: 3 });
  const data = examples();
  const { history, engine: ran } = await fit(model, data, {
    ...how,
    batchSize: 24,
    seed: 1,
    engine: engine === 'wasm' ? 'eager' : engine,
    progress: false,
  });
  const scores = model.predict(data);
  const weights = model.store.all().flatMap(({ variable }) => [...variable.dataSync()]);
  const { loss, auxiliary } = history.at(-1)!;
  model.dispose();
  return { ran, loss, auxiliary, scores: tasks.flatMap((task) => [...scores[task]!]), weights };
}

/** Each variant of comparisons, and what no variant has. */
const experts: ExpertSpec[] = [
  ...expertVariants().map(({ layer }) => layer(4)),
  residualMlp({ units: 4, norm: 'layer', dropout: 0.1 }),
  gatedExpert({ units: 4, activation: 'swish', hidden: 5 }),
  fieldAttention({ fields: 5, units: 2 }),
];
const gates: GateSpec[] = [
  ...gateVariants().map(({ gate }) => gate('raw')),
  entmaxGate({ alpha: 2 }),
  dselectKGate({ reads: 'unit', entropy: 0.1 }),
  gumbelGate({ hard: true, decay: 0.9 }),
  selectGate({ sparsity: 0.1, sharing: 0.1, decay: 0.9, hard: true }),
  hardConcreteGate({ l0: 0.1 }),
  attentionGate({ query: 'learned' }),
  maskGate({ reads: 'raw', features: ['state'], context: true, hidden: [4] }),
  featureGate({ feature: 'state' }),
];

const input = embed({ dimension: 3 });
const rows: [string, ModelParts][] = [
  ...models()
    .filter(({ trainsItself }) => !trainsItself) // on no engine
    .flatMap(({ name, build }): [string, ModelParts][] => [
      [name, build(size, tasks)],
      [`${name} with members`, build({ ...size, members: 3 }, tasks)],
    ]),
  ...experts.map((spec): [string, ModelParts] => [
    `an expert, ${spec.name}`,
    { input, network: adatt({ levels: [{ experts: spec }] }) },
  ]),
  ...gates.map((gate): [string, ModelParts] => [
    `a gate, ${gate.name}`,
    { input, network: mmoe({ levels: [{ experts: mlp([4]), pool: 3, gate }] }) },
  ]),
];

test.each(some(rows, 2))(
  '%s trains on the compiled engine as on the eager one, noise and own losses included',
  async (_, parts) => {
    const [eager, compiled] = [await trained(parts, 'eager'), await trained(parts, 'compiled')];
    expect(compiled.ran).toContain('compiled');
    expect(compiled.loss).toBeCloseTo(eager.loss, 4);
    expect(Object.keys(compiled.auxiliary)).toEqual(Object.keys(eager.auxiliary));
    for (const [loss, value] of Object.entries(eager.auxiliary))
      expect(compiled.auxiliary[loss], loss).toBeCloseTo(value, 5);
    const apart = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    expect(apart(compiled.weights, eager.weights)).toBeLessThan(1e-4);
    expect(apart(compiled.scores, eager.scores)).toBeLessThan(1e-4);
  },
);

test.each(some(rows, 1))('%s trains on wasm as on cpu', async (_, parts) => {
  const [cpu, wasm] = [await trained(parts, 'eager'), await trained(parts, 'wasm')];
  expect(wasm.ran).toBe('eager (wasm)');
  expect(wasm.loss).toBeCloseTo(cpu.loss, 4);
  const apart = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
  expect(apart(wasm.weights, cpu.weights)).toBeLessThan(1e-4);
  expect(apart(wasm.scores, cpu.scores)).toBeLessThan(1e-4);
});

/** Adam's steps don't shrink with gradients: a parameter whose gradient is rounding moves with the rounding of the engine. */
const rounding: [string, ModelParts][] = [
  ...rows.filter(([name]) => name === 'home'),
  ['batch norm', { input, network: mmoe({ levels: [{ experts: mlp([4, 3], { norm: 'batch' }), pool: 3 }] }) }],
];

test.each(rounding)('%s trains the same way on both engines with Adam', { tags: ['long'] }, async (_, parts) => {
  const how = { epochs: 15, optimizer: adam(0.01) };
  const [eager, compiled] = [await trained(parts, 'eager', how), await trained(parts, 'compiled', how)];
  const differences = compiled.weights.map((weight, i) => Math.abs(weight - eager.weights[i]!));
  expect(Math.max(...differences)).toBeLessThan(1e-3); // a step is .01
});
