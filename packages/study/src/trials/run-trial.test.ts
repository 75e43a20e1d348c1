import { findEntry } from '@polytask/components';
import { labelsOf, binary, embed, multiclass, regression } from '@polytask/core';
import { encode, fitSchema, fromRows, categorical, syntheticTasks, type EncodedTable } from '@polytask/data';
import { auc, groupedAuc, multiclassAccuracy, rmse } from '@polytask/metrics';
import type { TaskPredictions } from '@polytask/training';
import { expect, test } from 'vitest';
import { models } from '../models/models.ts';
import type { TrialConfig } from '../results/trial-result.ts';
import { runTrial } from './executor.ts';
import { sealedRows } from './open-data.ts';
import type { EpochMeasures, TrainingHooks } from './trial-spec.ts';
import { unseenMetrics } from './test-model.ts';

const training = {
  epochs: 1,
  batchSize: 32,
  learningRate: 0.01,
  optimizer: { kind: 'optimizer' as const, name: 'adam', config: {} },
  patience: 1,
  selection: 'auc',
};
const size = { levels: [4], experts: 4, tower: [3], embedding: 2 };
const generator = syntheticTasks({ tasks: ['click', 'like'], dimension: 5, kind: 'binary', seed: 1 });
const train = generator.sample(64, 1);
const fresh = generator.sample(40, 3);

/** A trial of a model of the table. */
const run = (
  test: EncodedTable,
  model = 'adatt',
  testGroups?: number[],
  hooks: TrainingHooks = {},
  changes: Partial<TrialConfig['training']> = {},
) =>
  runTrial(
    sealedRows({ train, validation: generator.sample(40, 2), test: () => test, testGroups }),
    {
      ...{ key: 'key', setting: '', suite: 'toy', model, parts: { model }, seed: 1, engine: 'cpu', mode: 'eager' },
      ...({ measures: 'test', diagnosed: true } as const),
      request: { suite: 'toy', files: [], directory: undefined, limitRows: undefined, data: {}, tasks: undefined },
      config: {
        ...{ data: {}, training: { ...training, ...changes }, size },
        model: { ...findEntry(models(), model, 'model').build(size, ['click', 'like']), rate: 1 },
      },
    },
    { versions: {} },
    hooks,
  );

/** Some rows of two tables, one after the other. */
const joined = (a: EncodedTable, b: EncodedTable) => {
  const rows = [...Array(a.size).keys()]
    .map((row) => [a, row] as const)
    .concat([...Array(b.size).keys()].map((row) => [b, row] as const));
  const table = syntheticTasks({ tasks: ['click', 'like'], dimension: 5, kind: 'binary', seed: 1 }).sample(
    rows.length,
    9,
  );
  const { arrays } = table;
  rows.forEach(([from, row], i) => {
    arrays.numeric.set(from.arrays.numeric.subarray(5 * row, 5 * row + 5), 5 * i);
    for (const task of ['click', 'like']) labelsOf(arrays, task).labels[i] = labelsOf(from.arrays, task).labels[row]!;
  });
  return table;
};

test('the metrics on test rows that are not among the training rows are those of a test table of these alone', async () => {
  const some = await run(joined(fresh, train.subset([5, 6, 7])));
  const alone = await run(fresh);
  expect(some.unseen).toEqual({ rows: 40, of: 43, metrics: alone.metrics });
  expect(some.metrics).not.toEqual(alone.metrics);
  expect(some.seconds).toBeGreaterThan(0);
});

test('where all test rows are new, or none, there is nothing apart', async () => {
  expect((await run(fresh)).unseen).toBeUndefined();
  expect((await run(train.subset([1, 2, 3, 4]))).unseen).toBeUndefined();
});

test('rows without a label, weights, groups and classes are those of the rows that are left', () => {
  const kinds = { click: binary(), stars: multiclass(), hours: regression() };
  const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, i) => ({ id, click: i % 2, stars: `${i % 3}`, hours: i }));
  const table = fromRows(rows, { features: { id: categorical() }, tasks: kinds });
  const all = encode(table, fitSchema(table));
  const weights = [1, 0, 2, 1, 1, 3]; // the second has no label
  const groups = [7, 7, 7, 7, 8, 8];
  const shown = (labels: number[], predictions: number[]): TaskPredictions => {
    const width = predictions.length / 6;
    const labeled = [0, 2, 3, 4, 5];
    return {
      rows: Uint32Array.from(labeled),
      labels: Float64Array.from(labeled, (row) => labels[row]!),
      predictions: Float64Array.from(labeled.flatMap((row) => predictions.slice(row * width, (row + 1) * width))),
      weights: Float64Array.from(labeled, (row) => weights[row]!),
    };
  };
  const labels = [0, 1, 0, 1, 0, 1];
  const scores = [0.2, 0.3, 0.6, 0.5, 0.1, 0.9];
  const classes = [0, 1, 2, 0, 1, 2];
  const chances = [1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0];
  const tested = {
    click: { metrics: { auc: auc.metric(), gauc: groupedAuc.metric() }, predicted: shown(labels, scores) },
    stars: { metrics: { accuracy: multiclassAccuracy.metric() }, predicted: shown(classes, chances) },
    hours: { metrics: { rmse: rmse.metric() }, predicted: shown([0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0]) },
  };
  const measured = unseenMetrics(all.subset([0, 1]), all, tested, groups)!;
  expect([measured.rows, measured.of]).toEqual([4, 6]);
  const left = <V>(values: V[], width = 1) => values.slice(2 * width);
  const own = { weights: left(weights) };
  expect(measured.metrics).toEqual({
    click: {
      auc: auc(left(labels), left(scores), own),
      gauc: groupedAuc(left(labels), left(scores), left(groups), own),
    },
    stars: { accuracy: multiclassAccuracy(left(classes), left(chances, 3), own) },
    hours: { rmse: rmse(left([0, 1, 2, 3, 4, 5]), [0, 0, 0, 0], own) },
  });
});

test('each lane of gates has its entropy and effective experts; a fixed choice has none', async () => {
  const [{ entropy, effectiveExperts, experts }] = (await run(fresh)).fusion as [
    Awaited<ReturnType<typeof run>>['fusion'][number],
  ];
  expect(experts).toHaveLength(4);
  expect([entropy!.length, effectiveExperts!.length]).toEqual([2, 2]);
  entropy!.forEach((value, lane) => {
    expect(value).toBeGreaterThan(0);
    expect(Math.exp(value)).toBeLessThanOrEqual(effectiveExperts![lane]! + 1e-4); // entropy is concave
    expect(effectiveExperts![lane]).toBeLessThanOrEqual(4);
  });
  const [single] = (await run(fresh, 'single-task')).fusion;
  expect(single).not.toHaveProperty('entropy');
  const [stitched] = (await run(fresh, 'cross-stitch')).fusion;
  const [share, other] = stitched!.constant[0]!.map((value) => Math.abs(value)) as [number, number];
  const [p, q] = [share / (share + other), other / (share + other)];
  expect(stitched!.entropy![0]).toBeCloseTo(-p * Math.log(p) - q * Math.log(q), 3);
  expect(stitched!.effectiveExperts![0]).toBeCloseTo(Math.exp(stitched!.entropy![0]!), 3); // the same for all rows
});

test("the start of embeddings is a size's, and is declared where it is given alone", () => {
  const inputs = ['adatt', 'mtan'].map(
    (model) => (start?: 'pytorch') =>
      findEntry(models(), model, 'model').build({ ...size, ...(start && { start }) }, ['a', 'b']).input,
  );
  for (const input of inputs) {
    expect(input()).toEqual(embed({ dimension: 2 }));
    expect(input('pytorch')).toEqual(embed({ dimension: 2, start: 'pytorch' }));
  }
});

test('a trial warns of what was cut short, and of tasks that a constant predicts as well', async () => {
  const { warnings, normalizedLosses } = await run(fresh, 'single-task');
  expect(warnings.map(({ kind }) => kind)).toContain('still-improving'); // its one epoch is the last
  const useless = Object.entries(normalizedLosses!).flatMap(([task, error]) => (error >= 1 ? [task] : []));
  expect(useless.length).toBeGreaterThan(0); // two steps teach it nothing
  const warned = warnings
    .filter(({ kind, about }) => kind === 'worse-than-constant' && about.part === undefined)
    .map(({ about }) => about.task);
  expect(warned).toEqual(useless);
});

test('a trial may find its learning rate, the same one each time, and its result has it', async () => {
  const found = await run(fresh, 'adatt', undefined, {}, { learningRate: 'find' });
  expect(found.config.training.learningRate).toBe('find');
  expect(found.learningRate).toBeGreaterThan(1e-4);
  const given = await run(fresh, 'adatt', undefined, {}, { learningRate: found.learningRate! });
  expect(given.learningRate).toBeUndefined();
  expect(given.metrics).toEqual(found.metrics); // the range test trained a copy
});

test('a diagnosed trial has the findings of its model as warnings, with remedies', async () => {
  const { warnings } = await run(fresh, 'mmoe', undefined, {}, { learningRate: 100, epochs: 3 });
  const messages = warnings.map(({ kind, message }) => `${kind}: ${message}`);
  expect(messages).toContainEqual(expect.stringMatching(/^constant-output: Task click is .* lower the learning rate/));
  const both = warnings.map(({ kind, about: { task } }) => `${kind} ${task}`);
  expect(new Set(both.filter((each) => !each.endsWith('undefined'))).size).toBe(
    both.filter((each) => !each.endsWith('undefined')).length,
  );
});

test('a measured training has the result of one that nobody measured, and its epochs have its scores', async () => {
  const epochs: EpochMeasures[] = [];
  const parameters: number[] = [];
  const { seconds: _, ...watched } = await run(fresh, 'adatt', undefined, {
    onEpoch: async (_epoch, measure) => void epochs.push(await measure()),
    onTrained: ({ parameterCount }) => void parameters.push(parameterCount),
  });
  const { seconds: __, ...alone } = await run(fresh);
  const timeless = ({ curve, ...trial }: typeof watched) => ({
    ...trial,
    curve: curve.map(({ seconds: _s, ...rest }) => rest),
  });
  expect(timeless(watched)).toEqual(timeless(alone));
  expect(parameters).toEqual([alone.parameters]);
  expect(epochs.map(({ validation }) => validation)).toEqual(alone.curve.map(({ validation }) => validation));
  expect(epochs[0]!.fusion.map(({ outputs, experts }) => [outputs, experts])).toEqual(
    alone.fusion.map(({ outputs, experts }) => [outputs, experts]),
  );
  expect(Math.abs(epochs[0]!.gradients.cosine)).toBeGreaterThan(0);
  const losses = Object.values(epochs[0]!.losses);
  expect(losses.reduce((sum, loss) => sum + loss, 0)).toBeCloseTo(alone.curve[0]!.loss, 4);
});
