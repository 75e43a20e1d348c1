import { createBalancer, gramianOf, mgda, type GramianBalancer } from '@polytask/balancing';
import { nodeRuntime } from '@polytask/compile';
import {
  checks,
  defineCompositeNetwork,
  randomDraws,
  lossesOf,
  defineExpert,
  defineGate,
  defineNetwork,
  denseSchema,
  fusion,
  linear,
  multiTaskModel,
  ownUnits,
  poolUnits,
  sharedUnit,
  tiedExperts,
  createScope,
  taskLossAt,
  startLanes,
  type ForwardOptions,
  type Lanes,
  type MultiTaskModel,
  type NetworkSpec,
  type Unit,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { compiledPasses } from '../engines/compiled/compiled-passes.ts';
import { eagerEngine } from '../engines/eager-engine.ts';
import { FlatState } from '../steps/flat-step.ts';
import { sgd } from '../optimizers/sgd.ts';
import { tinyExamples, tinyExpert, tinyGate, tinyTasks, weightsOf, WIDTH } from '../testing/tiny.ts';
import { findCut, findSharedParts } from './shared-parts.ts';
import { eagerPasses } from './eager-passes.ts';

beforeAll(() => tf.setBackend('cpu'));

const affine = defineExpert(
  'test.cut-affine',
  ({ inputDim, weight }, { units }) => {
    const w = weight('kernel', [inputDim, units]);
    return { outputDim: units, apply: (x) => linear(x, w) };
  },
  { options: { units: checks.wholeNumber(1) } },
);
const native = defineGate('test.cut-own', ({ native: own, visible, experts, constant, members = [] }) => {
  const mask = constant(
    own.flat().map((it, i) => Number(it && visible.flat()[i])),
    [members.length, 1, experts],
  );
  return { reads: 'nothing', apply: () => mask };
});
const one = defineGate('test.cut-all', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const own = (tasks: readonly string[]) => ({
  units: ownUnits(tasks),
  experts: tinyExpert({ units: 4 }),
  outputs: tasks,
  gate: native({}),
});
const lane = (name: string, reads: string): Unit => ({ name, kind: 'own', experts: 1, reads: [reads] });

/** What is sent from the first task to the second, as along a funnel: the last level keeps all others' lanes. */
const sends = defineNetwork('test.cut-sends', (_: object, tasks) => {
  const [first, second, ...rest] = tasks as [string, string, ...string[]];
  return fusion([
    own(tasks),
    {
      units: [lane('sent', first)],
      experts: affine({ units: 4 }),
      outputs: ['sent'],
      keeps: tasks,
      gate: one({ sees: 'all' }),
    },
    {
      units: [lane('sent', 'sent'), lane(second, second)],
      experts: affine({ units: 4 }),
      outputs: [second],
      keeps: [first, ...rest],
      gate: one({ sees: 'all' }),
    },
  ]);
});

/** A trunk of two levels, of which every task reads both by an expert of its own. */
const trunk = defineNetwork('test.cut-trunk', (_: object, tasks) =>
  fusion([
    { units: sharedUnit(1), experts: tinyExpert({ units: 3 }), outputs: ['low'], gate: one({ sees: 'all' }) },
    {
      units: [{ name: 'high', kind: 'shared', experts: 1, reads: ['low'] }],
      experts: tinyExpert({ units: 2 }),
      outputs: ['high'],
      keeps: ['low'],
      gate: one({ sees: 'all' }),
    },
    {
      units: tasks.map((name) => ({ ...lane(name, 'low'), reads: ['low', 'high'] })),
      experts: affine({ units: 4 }),
      outputs: tasks,
      gate: native({}),
    },
  ]),
);

const pool = defineNetwork('test.cut-pool', (_: object, tasks) =>
  fusion([
    { ...own(tasks), gate: tinyGate({}) },
    { units: ownUnits(tasks), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: tinyGate({}) },
  ]),
);
const apart = defineNetwork('test.cut-apart', (_: object, tasks) => fusion([own(tasks), own(tasks)]));
const nothing = defineNetwork('test.cut-nothing', () => fusion([]));
const wide = defineNetwork('test.cut-wide', (_: object, tasks) =>
  fusion([
    { units: poolUnits(3), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: one({ sees: 'all' }) },
    own(tasks),
  ]),
);

/** Every task runs the same experts, each on a lane of its own. */
const tied = defineNetwork('test.cut-tied', (_: object, tasks) =>
  fusion([{ ...own(tasks), tied: tiedExperts('layers') }]),
);

const modelOf = (network: NetworkSpec) =>
  multiTaskModel({ schema: denseSchema(WIDTH, tinyTasks), network, seed: 7 }) as unknown as MultiTaskModel;

const cases: [string, NetworkSpec, string][] = [
  ['gates over all experts, at every level', pool({}), 'levels.1'],
  ['experts of one task above a pool', wide({}), 'levels.0'],
  ['a lane sent to another task', sends({}), 'levels.0'],
  ['a trunk that tasks read at each height', trunk({}), 'levels.1'],
  ['experts of one task alone', apart({}), 'input'],
  ['no level', nothing({}), 'input'],
];
it.each(some(cases, 3))('sharing ends where several tasks reach an expert last: %s', async (_, network, cut) => {
  const model = modelOf(network);
  const before = weightsOf(model);
  const state = new FlatState(model, { optimizer: sgd() });
  const [eager, compiled] = [eagerPasses(model, state), compiledPasses(model, state, await nodeRuntime())];
  await compiled.reload();
  const parts = await findSharedParts(model, state, eager);
  expect(await findCut(model, state, eager, parts)).toBe(cut);
  expect(await findCut(model, state, compiled, parts)).toBe(cut);
  await compiled.close();
  expect(weightsOf(model)).toEqual(before);
  model.dispose();
});

const batch = tinyExamples(tinyTasks, 24).batch(Uint32Array.from({ length: 24 }, (_, i) => i));

/** Gradients of the tasks' losses with respect to what a tap adds to, by TF.js alone. */
const slopes = (
  model: MultiTaskModel,
  shape: number[],
  taps: (by: tf.Tensor) => ForwardOptions,
  rows = batch,
): Float32Array[] =>
  model.taskNames.map((_, t) =>
    tf.tidy(() =>
      tf
        .grad((by: tf.Tensor) =>
          taskLossAt(lossesOf(model, model.toTensors(rows), { training: true, ...taps(by) }), t),
        )(tf.zeros(shape))
        .dataSync<'float32'>()
        .slice(),
    ),
  );

async function weightsOfStep(network: NetworkSpec): Promise<{ weights: number[]; model: MultiTaskModel }> {
  const model = modelOf(network);
  const step = await eagerEngine.train(model, {
    optimizer: sgd(1e-3),
    clip: {},
    balancing: mgda({ of: 'representation' }),
  });
  const { balancing } = await step.run(batch, 0);
  await step.close();
  return { weights: Object.values(balancing!.weights!), model };
}

const expected = (model: MultiTaskModel, rows: readonly Float32Array[]): number[] =>
  (
    createBalancer(mgda(), { tasks: model.taskNames, random: randomDraws(model.store.stream('x')) }) as GramianBalancer
  ).weights({ step: 0, epoch: 0 }, { losses: [1, 1, 1], gramian: gramianOf(rows) });

it('where the last level keeps tasks’ lanes, every task has its gradient, and tasks that send meet', async () => {
  const { weights, model } = await weightsOfStep(sends({}));
  const rows = slopes(model, [3, 24, 4], (by) => ({
    experts: (outputs, level) => (level === 'levels.0' ? tf.add(outputs, by) : outputs),
  }));
  for (const row of rows) expect(Math.hypot(...row)).toBeGreaterThan(1e-3);
  expect(Math.abs(gramianOf(rows)[0]![1]!)).toBeGreaterThan(1e-6);
  weights.forEach((weight, i) => expect(weight).toBeCloseTo(expected(model, rows)[i]!, 4));
  model.dispose();
});

it('the lanes that a level keeps belong to the representation', async () => {
  const { weights, model } = await weightsOfStep(trunk({}));
  const high = slopes(model, [1, 24, 2], (by) => ({
    experts: (outputs, level) => (level === 'levels.1' ? tf.add(outputs, by) : outputs),
  }));
  const low = slopes(model, [24, 3], (by) => ({
    lanes: (vector, place, names) => (place === 'levels.1' && names.join() === 'low' ? tf.add(vector, by) : vector),
  }));
  const both = high.map((row, i) => Float32Array.of(...row, ...low[i]!));
  weights.forEach((weight, i) => expect(weight).toBeCloseTo(expected(model, both)[i]!, 4));
  expect(Math.max(...expected(model, high).map((weight, i) => Math.abs(weight - weights[i]!)))).toBeGreaterThan(0.01);
  model.dispose();
});

/** A composite without levels, whose tasks share a weight: a map of the input that each task scales. */
const levelless = defineCompositeNetwork('test.cut-levelless', (_: object, { store, tasks, input, path }) => {
  const w = createScope(store, `${path}shared`).weight('kernel', [input.outputDim, 4]);
  const apply = (x: tf.Tensor2D | Lanes) =>
    new Map(
      [...startLanes(tasks, x)].map(([task, vector], t) => [task, tf.mul(linear(vector, w), t + 1) as tf.Tensor2D]),
    );
  return { levels: [], outputDim: 4, inputLanes: tasks, apply };
});

it.each([
  [tied({}), '"tied.layers", which each task runs on a lane of its own'],
  [levelless({}), '"shared.kernel", which gives each task another'],
])('shared experts that give each task another output are no representation: %#', async (network, received) => {
  const model = modelOf(network);
  const balanced = (of: 'parameters' | 'representation') =>
    eagerEngine.train(model, { optimizer: sgd(1e-3), clip: {}, balancing: mgda({ of }) });
  await expect(balanced('representation')).rejects.toThrow(
    `Expected experts that tasks share to give all of them one output, for gradients at the representation, received ${received}. Balance with of: 'parameters'.`,
  );
  const step = await balanced('parameters');
  expect((await step.run(batch, 0)).balancing!.gradients!.cosine).not.toBeNaN();
  await step.close();
  model.dispose();
});

it('where tasks have embeddings alone in common, it is the network’s input', async () => {
  const schema = {
    features: { city: { kind: 'categorical', vocabulary: ['a', 'b', 'c'] } },
    tasks: tinyTasks,
  } as const;
  const model = multiTaskModel({ schema, network: apart({}), seed: 7 }) as unknown as MultiTaskModel;
  const ids = Int32Array.from({ length: 24 }, (_, row) => row % 5);
  const rows = { ...batch, numeric: new Float32Array(0), ids };
  const step = await eagerEngine.train(model, {
    optimizer: sgd(1e-3),
    clip: {},
    balancing: mgda({ of: 'representation' }),
  });
  const { balancing } = await step.run(rows, 0);
  await step.close();
  const width = model.store.get('levels.0.experts.kernel').variable.shape[1]!;
  const found = slopes(
    model,
    [24, width],
    (by) => ({ lanes: (vector, place) => (place === 'input' ? tf.add(vector, by) : vector) }),
    rows,
  );
  Object.values(balancing!.weights!).forEach((weight, i) => expect(weight).toBeCloseTo(expected(model, found)[i]!, 4));
  expect(balancing!.gradients!.cosine).not.toBeCloseTo(0, 2); // experts' outputs would be of one task each, and never meet
  model.dispose();
});
