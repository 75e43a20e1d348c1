import * as tf from '@tensorflow/tfjs';
import { adatt, adattSp } from '@polytask/adatt';
import { cgc, crossStitch, ensemble, mmoe, noFusion, ple, sharedBottom, singleTask } from '@polytask/baselines';
import {
  lossesOf,
  defineExpert,
  linear,
  load,
  toBytes,
  type ExpertBuilder,
  type ExpertSpec,
  type GateSpec,
  type MultiTaskModel,
  type NetworkSpec,
} from '@polytask/core';
import { layerExpert, linearExpert, mlp } from '@polytask/experts';
import { constantGate, identityGate, softmaxGate, sumGate } from '@polytask/gating';
import { gradientsOf, logitsOf, tinyBatch, tinyModel, untested } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { models } from './models.ts';

interface Parts {
  experts: ExpertSpec;
  gate?: GateSpec;
}

/** Every kind of expert, of width 4. */
const EXPERTS: Readonly<Record<string, ExpertSpec>> = {
  linear: linearExpert({ units: 4 }),
  mlp: mlp([5, 4], { activation: 'tanh' }),
  'mlp with norm and dropout': mlp([4], { activation: 'tanh', norm: 'batch', dropout: 0.1 }),
  'tf-layer': layerExpert(tf.layers.dense({ units: 4, activation: 'tanh' })),
};

/** Every kind of gate. */
const GATES: Readonly<Record<string, GateSpec>> = {
  softmax: softmaxGate(),
  'softmax on the raw input': softmaxGate({ reads: 'raw', temperature: 2 }),
  'softmax with a hidden layer': softmaxGate({ hidden: [4], activation: 'tanh' }),
  constant: constantGate(),
  identity: identityGate(),
  sum: sumGate(softmaxGate({ reads: 'raw' }), constantGate({ start: 'even' })),
};

/** The gates that can stand where a task has no lane yet: they read the network's input or nothing. */
const WITHOUT_LANES = Object.fromEntries(
  Object.entries(GATES).filter(([name]) => name !== 'softmax' && name !== 'softmax with a hidden layer'),
);

/** For models whose gate is theirs alone. */
const OWN = { 'its own gate': undefined };

const levels = <L extends object>(level: L): L[] => [level, level];

/** Every architecture whose parts can be chosen. A new one is a row here. */
const NETWORKS: {
  name: string;
  build: (parts: Parts) => NetworkSpec;
  gates: Readonly<Record<string, GateSpec | undefined>>;
}[] = [
  { name: 'singleTask', build: ({ experts }) => singleTask({ levels: levels({ experts }) }), gates: OWN },
  { name: 'sharedBottom', build: ({ experts }) => sharedBottom({ levels: levels({ experts }) }), gates: OWN },
  { name: 'crossStitch', build: ({ experts }) => crossStitch({ levels: levels({ experts }) }), gates: OWN },
  { name: 'mmoe', build: (parts) => mmoe({ levels: [{ ...parts, pool: 3 }] }), gates: GATES },
  {
    name: 'multi-level mmoe',
    build: (parts) =>
      mmoe({
        levels: [
          { ...parts, pool: 3 },
          { ...parts, pool: 2 },
        ],
      }),
    gates: WITHOUT_LANES,
  },
  { name: 'cgc', build: (parts) => cgc({ ...parts, perTask: 2 }), gates: GATES },
  { name: 'ple', build: (parts) => ple({ levels: levels({ ...parts, perTask: 2, shared: 1 }) }), gates: GATES },
  { name: 'adatt', build: (parts) => adatt({ levels: levels({ ...parts, perTask: 2, shared: 1 }) }), gates: GATES },
  {
    name: 'adatt, no residual',
    build: (parts) => adatt({ levels: levels({ ...parts, shared: 2 }), residual: false }),
    gates: GATES,
  },
  { name: 'adattSp', build: (parts) => adattSp({ levels: levels({ ...parts, perTask: 2 }) }), gates: GATES },
];

const train = (model: MultiTaskModel) =>
  tf.tidy(() => {
    const batch = model.toTensors(tinyBatch(model, 64));
    const variables = model.store.trainable().map(({ variable }) => variable);
    const optimizer = tf.train.sgd(0.1);
    optimizer.minimize(() => lossesOf(model, batch, { training: true }).total, false, variables);
    optimizer.dispose();
  });

const build = ({ inputDim, weight, bias }: ExpertBuilder) => {
  const w = weight('kernel', [inputDim, 4]);
  const b = bias('bias', 4);
  return { outputDim: 4, apply: (x: tf.Tensor) => tf.tanh(linear(x, w, b)) };
};

/** One expert twice: as a bank, and one after the other. */
const banked = defineExpert('test-banked', build);
const looped = defineExpert('test-looped', build, { bankable: false });

const expectClose = (got: readonly number[], wanted: readonly number[]) =>
  wanted.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 5));

/** The related systems, which have parts of their own: they run through the kit in their package. */
const related = models()
  .filter(({ onlyNamed }) => onlyNamed)
  .map(({ build: parts }) => parts({ levels: [4, 4], experts: 6, tower: [3], embedding: 2 }, ['a', 'b', 'c']).network);

it('has a row for every network of the AdaTT comparison, but for those without experts of their own', () => {
  const specs = NETWORKS.map((row) => row.build({ experts: EXPERTS['mlp']! }));
  const rest = [...related, noFusion(), ensemble({ members: [{ network: noFusion() }] })];
  const ofReference = 'adatt-idle-shared-gate'; // other files of this process may import it
  expect(untested('network', [...specs, ...rest]).filter((name) => name !== ofReference)).toEqual([]);
});

describe.each(NETWORKS)('$name', ({ build: network, gates }) => {
  const cases = Object.entries(EXPERTS).flatMap(([expert, experts]) =>
    Object.entries(gates).map(([name, gate]) => ({ expert, gate: name, parts: { experts, ...(gate && { gate }) } })),
  );

  it.each(some(cases, 2))('builds, trains and is saved: $expert, $gate', async ({ parts }) => {
    const model = tinyModel(network(parts), { tower: mlp([3], { activation: 'tanh' }) });
    for (const [name, gradient] of Object.entries(gradientsOf(model))) {
      expect(gradient.every(Number.isFinite), name).toBe(true);
      expect(
        gradient.some((value) => value !== 0),
        name,
      ).toBe(true);
    }
    const before = logitsOf(model, 5);
    train(model);
    const after = logitsOf(model, 5);
    expect(Object.values(after).flat().every(Number.isFinite)).toBe(true);
    expect(after).not.toEqual(before);
    const loaded = await load(await toBytes(model));
    expect(logitsOf(loaded, 5)).toEqual(after);
    expect(loaded.config).toEqual(model.config);
    model.dispose();
    loaded.dispose();
  });

  it('gives as a bank what it gives expert by expert', () => {
    const [bank, loop] = [banked(), looped()].map((experts) => tinyModel(network({ experts })));
    for (const [task, logits] of Object.entries(logitsOf(bank!, 5))) expectClose(logitsOf(loop!, 5)[task]!, logits);
    const inLoop = gradientsOf(loop!);
    const inBank = gradientsOf(bank!)['levels.0.experts.kernel']!;
    const places = bank!.network.levels[0]!.experts;
    expectClose(
      inBank,
      places.flatMap(({ unit, index }) => inLoop[`levels.0.experts.${unit}.${index}.kernel`]!),
    );
  });
});
