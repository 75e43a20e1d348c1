import {
  binary,
  growModel,
  labelsOf,
  multiclass,
  multiTaskModel,
  randomStream,
  regression,
  type Batch,
  type MultiTaskModel,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { expect, test } from 'vitest';
import { growTrees, leavesNoTensors } from '../testing/grow-trees.ts';
import { gradientBoosting } from './boosted-trees.ts';
import type { BoostedTreesOptions } from './tree-arrays.ts';

leavesNoTensors();

const featuresOf = (states: readonly string[], tags: readonly string[]) =>
  ({
    age: { kind: 'numeric', mean: 40, deviation: 12, indicator: true },
    state: { kind: 'categorical', vocabulary: [...states] },
    tags: {
      ...{ kind: 'multi-valued', separator: '|', maxLength: 3, pooling: 'mean' },
      values: { kind: 'categorical', vocabulary: [...tags] },
    },
  }) satisfies Schema['features'];
const TASKS = { rich: binary(), class: multiclass({ classes: ['a', 'b', 'c'] }), hours: regression() };
const [STATES, TAGS] = [
  ['Utah', 'Ohio', 'Iowa'],
  ['x', 'y'],
] as const;
const OPTIONS: BoostedTreesOptions = {
  ...{ numLeaves: 4, minDataInLeaf: 4, minDataPerGroup: 1, catSmooth: 1, catL2: 0, maxCatToOnehot: 8 },
};

type Row = Readonly<Record<string, unknown>>;
const rowsOf = (size: number, states: readonly string[] = STATES, tags: readonly string[] = TAGS, seed = 1): Row[] => {
  const [a, b] = [1, 2].map((stream) => randomStream(seed + stream, 'rows').uniform(size)) as [
    Float32Array,
    Float32Array,
  ];
  return Array.from({ length: size }, (_, i) => ({
    age: a[i]! < 0.1 ? null : 20 + 50 * a[i]!,
    state: i % 9 === 0 ? null : states[Math.floor(b[i]! * states.length)]!,
    tags: [tags[i % tags.length]!, ...(i % 3 === 0 ? [tags[0]!] : [])].join('|'),
  }));
};
const truth = ({ age, state, tags }: Row) =>
  Number(age ?? 35) / 20 + String(state).length / 3 + (String(tags).includes('z') ? 4 : String(tags).length / 5);
const LABELS: Readonly<Record<string, (z: number) => number>> = {
  rich: (z) => Number(z > 3.6),
  class: (z) => Math.min(2, Math.floor(z / 1.7)),
  hours: (z) => z,
  late: (z) => Number(z > 3),
};

/** Encoded rows. @param without the tasks without labels */
function labeled(model: MultiTaskModel, rows: readonly Row[], without: readonly string[] = []): Batch {
  const tasks = Object.keys(model.schema.tasks);
  const batch = {
    ...model.encode(rows),
    tasks,
    labels: Float32Array.from(tasks.flatMap((name) => rows.map((row) => LABELS[name]!(truth(row))))),
    weights: new Float32Array(tasks.length * rows.length).fill(1),
  };
  for (const name of without) labelsOf(batch, name).weights.fill(0);
  return batch;
}

async function trained(rows: readonly Row[], options: BoostedTreesOptions, tasks: Tasks = TASKS) {
  const schema = { features: featuresOf(STATES, TAGS), tasks };
  const model = multiTaskModel({ schema, ...gradientBoosting({ ...OPTIONS, ...options }), seed: 1 }) as MultiTaskModel;
  await growTrees(model, labeled(model, rows));
  return model;
}

const predicted = (model: MultiTaskModel, rows: readonly Row[]) => JSON.stringify(model.predict([...rows]));
const dispose = (...models: readonly MultiTaskModel[]) => models.forEach((model) => model.dispose());
const roundsOf = ({ config: { network } }: MultiTaskModel) => {
  const { initIterations, numIterations } = network.config as Required<BoostedTreesOptions>;
  return { initIterations, numIterations };
};

test('continued on the same rows, a model is the one of a single longer training', async () => {
  const rows = rowsOf(150);
  const [whole, first] = [await trained(rows, { numIterations: 10 }), await trained(rows, { numIterations: 5 })];
  const { model } = await growModel(first, first.schema);
  expect(roundsOf(model)).toEqual({ initIterations: 5, numIterations: 5 });
  expect(predicted(model, rows)).toBe(predicted(first, rows));
  await growTrees(model, labeled(model, rows));
  const [a, b] = [model, whole].map((each) => each.predict(rows));
  for (const task of Object.keys(TASKS))
    // a model has leaves of 32 bits, and a training 64
    [...(a![task] as Float32Array)].forEach((value, i) => expect(value).toBeCloseTo(Number(b![task]![i]), 6));
  await growTrees(model, labeled(model, rows)); // further trees are grown anew, the earlier ones stay
  expect(predicted(model, rows)).toBe(JSON.stringify(a));
  dispose(whole, first, model);
});

test('new categories and list values are learned, and old rows keep their predictions until then', async () => {
  const old = rowsOf(150);
  const first = await trained(old, { numIterations: 8, learningRate: 0.3 });
  const features = featuresOf([...STATES, 'Massachusetts'], [...TAGS, 'z']);
  const { model, growth } = await growModel(first, { features, tasks: first.schema.tasks });
  expect(growth.grown).toContain('input.bins');
  expect(predicted(model, old)).toBe(predicted(first, old));
  const [known, missing] = [
    { age: 40, state: 'Massachusetts', tags: 'x' },
    { age: 40, state: null, tags: 'x' },
  ];
  expect(predicted(model, [known])).toBe(predicted(first, [missing])); // without training, new is missing
  const further = rowsOf(200, ['Ohio', 'Massachusetts'], ['x', 'z'], 5);
  await growTrees(model, labeled(model, further));
  const error = (each: MultiTaskModel) => {
    const hours = Array.from(each.predict(further)['hours']!);
    return hours.reduce((sum, value, row) => sum + (value - truth(further[row]!)) ** 2, 0) / further.length;
  };
  expect(error(model)).toBeLessThan(error(first) / 10);
  expect(model.predict([known])['hours']).not.toEqual(model.predict([missing])['hours']);
  dispose(first, model);
});

test('tasks without labels keep their trees, and new tasks get some', async () => {
  const rows = rowsOf(150);
  const first = await trained(rows, { numIterations: 6 });
  const tasks: Tasks = { ...TASKS, late: binary() };
  const { model } = await growModel(first, { features: featuresOf([...STATES, 'Maine'], TAGS), tasks });
  const further = rowsOf(150, ['Ohio', 'Maine'], TAGS, 8);
  const { losses } = await growTrees(model, labeled(model, further, ['rich', 'class', 'hours']));
  expect(losses).toMatchObject({ rich: NaN, hours: NaN });
  const [before, after] = [first, model].map((each) => each.predict(rows));
  for (const task of Object.keys(TASKS)) expect(after![task]).toEqual(before![task]);
  expect(losses['late']).toBeLessThan(0.5);
  dispose(first, model);
});

test('refitDecayRate moves the leaves and keeps the splits', async () => {
  const rows = rowsOf(150);
  const first = await trained(rows, { numIterations: 6 });
  const refitted = async (refitDecayRate: number, on: readonly Row[]) => {
    const { model } = await growModel(first, first.schema, { refitDecayRate });
    await growTrees(model, labeled(model, on));
    return model;
  };
  const other = rowsOf(150, ['Ohio'], TAGS, 9);
  const [kept, same, moved] = [await refitted(1, other), await refitted(0, rows), await refitted(0.5, other)];
  expect(predicted(kept, rows)).toBe(predicted(first, rows));
  const [a, b] = [same, first].map((each) => Array.from(each.predict(rows)['hours']!));
  a!.forEach((value, row) => expect(value).toBeCloseTo(b![row]!, 4));
  expect(predicted(moved, rows)).not.toBe(predicted(first, rows));
  const pathsOf = (model: MultiTaskModel) => model.store.get('trees.paths').variable.dataSync().filter(Boolean);
  expect(pathsOf(moved)).toEqual(pathsOf(first));
  const { model: later } = await growModel(moved, moved.schema);
  expect(later.config.network.config).not.toHaveProperty('refitDecayRate');
  expect(roundsOf(later)).toEqual({ initIterations: 6, numIterations: 6 });
  dispose(first, kept, same, moved, later);
});
