import { nodeRuntime } from '@polytask/compile';
import {
  binary,
  defineGate,
  defineNetwork,
  dense,
  denseSchema,
  fusion,
  multiTaskModel,
  ownUnits,
  poolUnits,
  rankNet,
  regression,
  type MultiTaskModel,
  type NetworkSpec,
} from '@polytask/core';
import { transformer } from '@polytask/core/features';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compiledPasses } from '../engines/compiled/compiled-passes.ts';
import { FlatState } from '../steps/flat-step.ts';
import { sgd } from '../optimizers/sgd.ts';
import { tinyExpert, tinyGate, tinyModel, tinyTasks, weightsOf, WIDTH } from '../testing/tiny.ts';
import { eagerPasses } from './passes.ts';
import { findSharedParts, NO_PARTS, type SharedParts } from './shared-parts.ts';

beforeAll(() => tf.setBackend('cpu'));

async function partsOf(model: MultiTaskModel): Promise<SharedParts> {
  const state = new FlatState(model, { optimizer: sgd() });
  await state.read();
  const [eager, compiled] = [eagerPasses(model, state), compiledPasses(model, state, await nodeRuntime())];
  await compiled.reload();
  const parts = await findSharedParts(model, state, eager);
  expect(await findSharedParts(model, state, compiled)).toEqual(parts);
  await compiled.close();
  return parts;
}

/** By parameter: `shared`, or the task of each run of slices. */
async function describeParts(model: MultiTaskModel): Promise<Record<string, string>> {
  const { shared, own } = await partsOf(model);
  const all = [
    ...shared.map((part) => ({ ...part, who: 'shared' })),
    ...own.map(({ task, ...part }) => ({ ...part, who: model.taskNames[task]! })),
  ];
  expect(all.reduce((sum, { size }) => sum + size, 0)).toBe(
    model.store.trainable().reduce((sum, { variable }) => sum + variable.size, 0),
  );
  let at = 0;
  return Object.fromEntries(
    model.store.trainable().map(({ name, variable: { size } }) => {
      const [from, to] = [at, (at += size)];
      const within = all
        .filter((part) => part.from < to && part.from + part.size > from)
        .sort((a, b) => a.from - b.from);
      return [name, within.map(({ who }) => who).join(' ')];
    }),
  );
}

const modelOf = (network: NetworkSpec) =>
  multiTaskModel({
    schema: denseSchema(WIDTH, tinyTasks),
    network,
    tower: tinyExpert({ units: 3 }),
    seed: 7,
  }) as unknown as MultiTaskModel;

/** A gate that heeds what a unit may see. */
const masked = defineGate('test.masked', ({ overExperts, mask, experts, unitDim }) => {
  const scores = dense(overExperts, { inputDim: unitDim, units: experts });
  return { reads: 'unit', apply: (x, call) => tf.mul(tf.softmax(scores(x, call)), mask) };
});

const seesOwn = defineNetwork('test.sees-own', (_: object, tasks) =>
  fusion([
    { units: ownUnits(tasks, 2), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: masked({ sees: 'own' }) },
    { units: ownUnits(tasks, 1), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: masked({ sees: 'own' }) },
  ]),
);
const pool = defineNetwork('test.pool', (_: object, tasks) =>
  fusion([{ units: poolUnits(3), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: tinyGate({}) }]),
);

const bare = defineNetwork('test.bare', () => fusion([]));

it('experts that all see are shared; a gate, a tower and a head are of one task', async () => {
  const model = modelOf(pool({}));
  const before = weightsOf(model);
  expect(await describeParts(model)).toEqual({
    'levels.0.experts.kernel': 'shared',
    'levels.0.experts.bias': 'shared',
    'levels.0.gates.kernel': 'click stars minutes',
    'levels.0.gates.bias': 'click stars minutes',
    'towers.kernel': 'click stars minutes',
    'towers.bias': 'click stars minutes',
    'heads.1.kernel': 'click minutes',
    'heads.1.bias': 'click minutes',
    'heads.3.kernel': 'stars',
    'heads.3.bias': 'stars',
  });
  expect(weightsOf(model)).toEqual(before);
  model.dispose();
});

/** A gate of which each row takes one expert. */
const chosen = defineGate('test.chosen', ({ overExperts, experts, unitDim }) => {
  const scores = dense(overExperts, { inputDim: unitDim, units: experts });
  return { reads: 'unit', apply: (x, call) => tf.cast(tf.oneHot(tf.argMax(scores(x, call), -1), experts), 'float32') };
});
const choosing = defineNetwork('test.choosing', (_: object, tasks) =>
  fusion([{ units: poolUnits(12), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: chosen({}) }]),
);

it('experts that rows choose among are shared, whichever the rows of the test choose', async () => {
  const model = modelOf(choosing({}));
  expect((await describeParts(model))['levels.0.experts.kernel']).toBe('shared');
  model.dispose();
});

it('finds no shared parts in tasks that see only their own experts, or that rounding alone would tell apart', async () => {
  const apart = modelOf(seesOwn({}));
  // the gradient of the bias is 0 for a loss of differences, up to rounding
  const ranked = multiTaskModel({
    schema: denseSchema(WIDTH, { click: binary(), stars: regression({ loss: rankNet() }) }),
    network: bare({}),
    seed: 7,
  }) as unknown as MultiTaskModel;
  for (const model of [apart, ranked]) {
    expect(await partsOf(model)).toEqual(NO_PARTS);
    model.dispose();
  }
});

it('finds the parts of a loss that compares rows, also without a number among the features', async () => {
  const model = multiTaskModel({
    schema: {
      features: { city: { kind: 'categorical', vocabulary: ['a', 'b', 'c'] } },
      tasks: { click: binary(), stars: regression({ loss: rankNet() }) },
    },
    network: pool({}),
    seed: 7,
  }) as unknown as MultiTaskModel;
  const parts = await describeParts(model);
  expect(parts['levels.0.experts.kernel']).toBe('shared');
  expect(parts['levels.0.gates.kernel']).toBe('click stars');
  model.dispose();
});

it('gives a pooling that counts entries sequences as data has them', async () => {
  const item = { kind: 'categorical', vocabulary: ['a', 'b', 'c'] } as const;
  const seen = {
    kind: 'id-sequence',
    target: 'item',
    values: { kind: 'shared', with: 'item' },
    pooling: transformer(),
    maxLength: 4,
  } as const;
  const model = multiTaskModel({
    schema: { features: { item, seen }, tasks: { click: binary(), stars: regression() } },
    network: pool({}),
    seed: 7,
  }) as unknown as MultiTaskModel;
  const parts = await describeParts(model);
  const positions = Object.keys(parts).find((name) => name.endsWith('positions'))!;
  expect(parts[positions]).toBe('shared');
  model.dispose();
});

it('does not depend on the parameters, and leaves no tensors behind', async () => {
  const [one, other] = [1, 2].map((seed) => tinyModel({ seed }) as unknown as MultiTaskModel) as [
    MultiTaskModel,
    MultiTaskModel,
  ];
  await partsOf(one); // registers kernels and the like
  for (const { variable } of other.store.all()) variable.assign(tf.zeros(variable.shape)); // no gradient anywhere
  const tensors = tf.memory().numTensors;
  expect(await partsOf(one)).toEqual(await partsOf(other));
  expect(tf.memory().numTensors).toBe(tensors);
  for (const model of [one, other]) model.dispose();
});
