import { boostTogether } from '@polytask/boosting';
import {
  binary,
  growModel,
  multiclass,
  multiTaskModel,
  randomStream,
  regression,
  type Batch,
  type MultiTaskModel,
  type Task,
  type Tasks,
} from '@polytask/core';
import { multiLabel } from '@polytask/core/tasks';
import { expect, test } from 'vitest';
import { growTrees, leavesNoTensors } from '../testing/grow-trees.ts';
import { gradientBoosting } from './boosted-trees.ts';
import type { BoostedTreesOptions } from './tree-arrays.ts';

leavesNoTensors();

const numeric = { kind: 'numeric', mean: 0, deviation: 1 } as const;
const features = { x: numeric, y: numeric };
const OPTIONS: BoostedTreesOptions = { numIterations: 8, numLeaves: 4, minDataInLeaf: 4 };

type Row = Readonly<Record<'x' | 'y', number>>;
const rowsOf = (size: number, seed: number): Row[] => {
  const [x, y] = ['x', 'y'].map((name) => randomStream(seed, name).uniform(size));
  const few = (value: number) => Math.floor(32 * value) / 32; // each value has its bin, whichever rows are left out
  return Array.from({ length: size }, (_, row) => ({ x: few(x![row]!), y: few(y![row]!) }));
};

interface Learned {
  readonly task: Task;
  label(row: Row, at: number): number;
  /** Which rows have a label. Default: all. */
  has?(at: number, rows: readonly Row[]): boolean;
}
const noise = (at: number) => ((at * 7919) % 13) / 13;
const step = ({ x, y }: Row) => Number(x > 0.3) + 2 * Number(y > 0.6);
const TASKS = {
  late: { task: binary(), label: (row, at) => Number(step(row) + noise(at) > 1.5), has: (at) => at % 7 === 1 },
  kind: {
    task: multiclass({ classes: ['a', 'b', 'c'] }),
    label: (row) => Math.min(2, step(row)),
    has: (at) => at % 3 > 0,
  },
  cost: { task: regression({ scale: 'none' }), label: (row, at) => step(row) + noise(at), has: (at) => at % 4 > 0 },
} satisfies Record<string, Learned>;

type LearnedTasks = Readonly<Record<string, Learned>>;
const NONE = 12; // every twelfth row has no label at all
const has = ({ has: own }: Learned, at: number, rows: readonly Row[]) => at % NONE !== 0 && (own?.(at, rows) ?? true);

function labeled(model: MultiTaskModel, tasks: LearnedTasks, rows: readonly Row[]): Batch {
  const names = Object.keys(tasks);
  const of = (value: (learned: Learned, row: Row, at: number) => number) =>
    Float32Array.from(names.flatMap((name) => rows.map((row, at) => value(tasks[name]!, row, at))));
  return {
    ...{ ...model.encode(rows), tasks: names },
    labels: of((own, row, at) => (has(own, at, rows) ? own.label(row, at) : NaN)),
    weights: of((own, _, at) => Number(has(own, at, rows))),
  };
}

function modelOf(tasks: LearnedTasks, options: BoostedTreesOptions): MultiTaskModel {
  const declared: Tasks = Object.fromEntries(Object.entries(tasks).map(([name, { task }]) => [name, task]));
  return multiTaskModel({
    schema: { features, tasks: declared },
    ...gradientBoosting({ ...OPTIONS, ...options }),
    seed: 1,
  });
}

async function trained(
  tasks: LearnedTasks,
  options: BoostedTreesOptions,
  train: readonly Row[],
  validation?: readonly Row[],
) {
  const model = modelOf(tasks, options);
  const result = await growTrees(model, labeled(model, tasks, train), validation && labeled(model, tasks, validation));
  return { model, ...result };
}

const columnsOf = (rows: readonly Row[]) => ({
  x: Float32Array.from(rows, ({ x }) => x),
  y: Float32Array.from(rows, ({ y }) => y),
});

/** What boostTogether predicts, on the rows with any label. */
function together(train: readonly Row[], validation: readonly Row[] | undefined, rows: readonly Row[]) {
  const part = (all: readonly Row[]) => {
    const kept = [...all.keys()].filter((at) => Object.values(TASKS).some((own) => has(own, at, all)));
    const labels = (own: Learned) => kept.map((at) => (has(own, at, all) ? Math.fround(own.label(all[at]!, at)) : NaN));
    return { columns: columnsOf(kept.map((at) => all[at]!)), labels };
  };
  const [own, held] = [part(train), validation && part(validation)];
  const models = boostTogether({
    ...(OPTIONS as object),
    columns: own.columns,
    tasks: {
      late: { objective: 'binary', labels: own.labels(TASKS.late) },
      kind: { objective: 'multiclass', labels: own.labels(TASKS.kind) },
      cost: { objective: 'regression', labels: own.labels(TASKS.cost) },
    },
    validation: held && {
      columns: held.columns,
      tasks: {
        late: { labels: held.labels(TASKS.late) },
        kind: { labels: held.labels(TASKS.kind) },
        cost: { labels: held.labels(TASKS.cost) },
      },
    },
  });
  return (task: keyof typeof TASKS) => models[task].predict(columnsOf(rows));
}

const predictionsOf = (model: MultiTaskModel, rows: readonly Row[], task: string) =>
  Array.from(model.predict([...rows])[task] as Float32Array);

test.each([undefined, rowsOf(150, 2)])(
  'shared trees are those of boostTogether, labels missing or not',
  async (held) => {
    const [train, rows] = [rowsOf(400, 1), rowsOf(60, 3)];
    const { model } = await trained(TASKS, { trees: 'shared' }, train, held);
    const wanted = together(train, held, rows);
    for (const task of ['late', 'kind', 'cost'] as const) {
      const values = predictionsOf(model, rows, task);
      const own = [...wanted(task)];
      expect(values).toHaveLength(own.length);
      values.forEach((value, i) => expect(value).toBeCloseTo(own[i]!, 5));
    }
    model.dispose();
  },
);

test('each task has the trees with the smaller validation loss, and a note says so', async () => {
  const tasks = {
    few: {
      task: regression({ scale: 'none' }),
      label: (row, at) => step(row) + 4 * noise(at),
      has: (at) => at % 15 === 1,
    },
    many: { task: regression({ scale: 'none' }), label: (row) => 2 * step(row) },
    other: { task: regression({ scale: 'none' }), label: ({ x, y }) => Math.sin(20 * (x + y)) },
    unseen: { task: regression({ scale: 'none' }), label: step, has: (_, all) => all.length === 400 },
    absent: { task: binary(), label: () => 1, has: () => false },
  } satisfies LearnedTasks;
  const [train, held] = [rowsOf(400, 1), rowsOf(150, 2)];
  const [own, shared, chosen] = [
    await trained(tasks, { trees: 'own', numIterations: 20 }, train, held),
    await trained(tasks, { trees: 'shared', numIterations: 20 }, train, held),
    await trained(tasks, { trees: 'chosen', numIterations: 20 }, train, held),
  ];
  const lossOf = ({ model }: typeof own, task: 'few' | 'many' | 'other') => {
    const predictions = predictionsOf(model, held, task);
    const errors = held.flatMap((row, at) =>
      has(tasks[task], at, held) ? [(predictions[at]! - tasks[task].label(row, at)) ** 2] : [],
    );
    return errors.reduce((sum, each) => sum + each, 0) / errors.length;
  };
  const kept = { few: shared, many: own, other: own, unseen: own, absent: own };
  for (const [task, from] of Object.entries(kept)) {
    expect(predictionsOf(chosen.model, held, task)).toEqual(predictionsOf(from.model, held, task));
    expect(chosen.losses[task]).toBe(from.losses[task]);
  }
  const notes = chosen.findings!.filter(({ kind }) => kind === 'chosen-trees');
  expect(notes.map(({ about }) => about.task)).toEqual(['few', 'many', 'other']);
  expect(notes.map(({ message }) => message.split(':')[0])).toEqual([
    'Task few has shared trees',
    'Task many has its own trees',
    'Task other has its own trees',
  ]);
  (['few', 'many', 'other'] as const).forEach((task, i) => {
    const { own: a, shared: b } = notes[i]!.evidence as Record<'own' | 'shared', number>;
    expect(a / lossOf(own, task)).toBeCloseTo(b / lossOf(shared, task), 4); // the loss is a multiple of the squared error
    expect(lossOf(chosen, task)).toBe(Math.min(lossOf(own, task), lossOf(shared, task)));
  });
  [own, shared, chosen].forEach(({ model }) => model.dispose());
});

test('outputs of several labels share their splits, and labels without rows have base rates', async () => {
  const tasks = {
    tags: {
      task: multiLabel({ labels: ['a', 'b'] }),
      label: (row) => Math.min(3, step(row)),
      has: (at) => at % 3 === 1,
    },
    cost: TASKS.cost,
    absent: { task: binary(), label: () => 1, has: () => false },
  } satisfies LearnedTasks;
  const { model, losses } = await trained(tasks, { trees: 'shared' }, rowsOf(400, 1));
  const [columns, values] = ['columns', 'values'].map((name) => model.store.get(`trees.${name}`).variable.dataSync());
  const numbersOf = (all: typeof columns, output: number) =>
    all!.slice((output * all!.length) / 4, ((output + 1) * all!.length) / 4);
  const [a, b, cost, absent] = [0, 1, 2, 3].map((output) => numbersOf(columns, output));
  expect(a!.some((column) => column > 0)).toBe(true);
  expect([b, cost]).toEqual([a, a]);
  expect(numbersOf(values, 1)).not.toEqual(numbersOf(values, 0));
  expect([...absent!, ...numbersOf(values, 3)].every((value) => value === 0)).toBe(true);
  expect(losses).toMatchObject({ absent: NaN });
  model.dispose();
});

test('continued on the same rows, shared trees are those of a longer training', async () => {
  const [train, rows] = [rowsOf(400, 1), rowsOf(60, 3)];
  const [{ model: whole }, { model: first }] = [
    await trained(TASKS, { trees: 'shared' }, train),
    await trained(TASKS, { trees: 'shared', numIterations: 4 }, train),
  ];
  const { model } = await growModel(first, first.schema);
  await growTrees(model, labeled(model, TASKS, train));
  for (const task of Object.keys(TASKS))
    predictionsOf(model, rows, task).forEach((value, i) =>
      expect(value).toBeCloseTo(predictionsOf(whole, rows, task)[i]!, 5),
    );
  [whole, first, model].forEach((each) => each.dispose());
});

test.each<[string, BoostedTreesOptions, string]>([
  ['no validation rows to choose by', { trees: 'chosen' }, 'validation rows and early stopping for trees'],
  [
    'a direction of shared trees',
    { trees: 'shared', monotoneConstraints: { x: 1 } },
    'shared trees have no directions',
  ],
  ['another word', { trees: 'both' as 'shared' }, 'trees'],
])('%s: an error', async (_, options, message) => {
  await expect(async () => {
    const model = modelOf(TASKS, options);
    try {
      await growTrees(model, labeled(model, TASKS, rowsOf(50, 1)));
    } finally {
      model.dispose();
    }
  }).rejects.toThrow(message);
});

test('groups of features hold for shared trees', async () => {
  const { model } = await trained(TASKS, { trees: 'shared', interactionConstraints: [['x'], ['y']] }, rowsOf(400, 1));
  const sumOf = (xs: readonly number[], ys: readonly number[]) =>
    xs.map((x, i) => predictionsOf(model, [{ x, y: ys[i]! }], 'cost')[0]!);
  const [low, right, up, both] = sumOf([0.1, 0.9, 0.1, 0.9], [0.1, 0.1, 0.9, 0.9]);
  expect(both! - up!).toBeCloseTo(right! - low!, 5); // a sum of two curves
  model.dispose();
});
