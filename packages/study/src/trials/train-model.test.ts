import { gradientBoosting, logisticRegression } from '@polytask/baselines';
import {
  binary,
  denseSchema,
  emptyBatch,
  labelsOf,
  layoutOf,
  multiTaskModel,
  type Examples,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import { multiLabel, survival } from '@polytask/core/tasks';
import { datasetFromFiles, encodedTable, type EncodedTable } from '@polytask/data';
import { counterRandom } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { suiteOfDataset } from '../suites/dataset-suite.ts';
import { rowsToTrain } from './train-model.ts';
import { visibleRows } from './open-data.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const TASKS = {
  click: binary(),
  like: binary({ positiveWeight: 4 }),
  genre: multiLabel({ labels: ['a', 'b'] }),
};

/** The first feature decides `click` in 9 of 10 rows, and nothing the rest. */
function table(size: number, seed: number, tasks: Tasks = TASKS): EncodedTable {
  const random = counterRandom(seed);
  const schema = denseSchema(2, tasks);
  const batch = emptyBatch(size, layoutOf(schema), Object.keys(tasks));
  batch.weights.fill(1);
  for (let row = 0; row < size; row++) {
    batch.numeric.set([random() - 0.5, random()], 2 * row);
    const isNoise = random() < 0.1;
    for (const task of Object.keys(tasks))
      labelsOf(batch, task).labels[row] = Number(batch.numeric[2 * row]! > 0 !== (task === 'click' && isNoise));
  }
  return encodedTable(schema, batch);
}

const [train, validation] = [table(400, 1), table(200, 2)];
const training = {
  epochs: 1,
  batchSize: 32,
  learningRate: 0.01,
  optimizer: { kind: 'optimizer', name: 'adam', config: {} },
  patience: 2,
  selection: 'auc',
};
const specOf = (network: object, own: object = { teacher: 0.5 }) => ({
  seed: 1,
  mode: 'compiled' as const,
  config: { data: {}, training: { ...training, ...own }, size: {}, model: { ...network, rate: 1 } } as never,
});
const linear = logisticRegression();

test('labels lie between the row’s own and what its group of rows says, for tasks with honest probabilities', async () => {
  const rows = await rowsToTrain({ train, validation }, specOf(linear));
  const [before, after] = [train.arrays, rows.batch([...Array(train.size).keys()])];
  const [own, soft] = [before, after].map((batch) => labelsOf(batch, 'click').labels) as [Float32Array, Float32Array];
  const isRight = own.map((label, row) => Number(label === Number(before.numeric[2 * row]! > 0)));
  soft.forEach((label, row) => expect(Math.abs(label - own[row]!), `row ${row}`).toBeLessThanOrEqual(0.5));
  const moved = (right: number) =>
    soft.filter((label, row) => isRight[row] === right && Math.abs(label - own[row]!) > 0.25);
  expect(moved(1).length).toBeLessThan(0.05 * train.size); // the trees agree with most labels
  expect(moved(0).length).toBeGreaterThan(0.9 * isRight.filter((right) => !right).length); // and not with the noise
  expect(labelsOf(after, 'like')).toEqual(labelsOf(before, 'like'));
  expect(labelsOf(after, 'genre')).not.toEqual(labelsOf(before, 'genre'));
});

/**
 * `sure` says the labels of two thirds of the rows, so that boosting has something to learn. The others have the toss of a coin of their
 * user or day.
 */
const USERS = 60;
const coin = Array.from({ length: USERS }, counterRandom(5)).map((each) => Number(each < 0.5));
const rowsOfUsers = Array.from({ length: 30 * USERS }, (_, row) => {
  const [user, sure] = [(row * 7) % USERS, Math.floor(row / USERS) % 3];
  return [user, sure, sure === 2 ? coin[user] : sure];
});

test.each([
  [{ kind: 'random', validation: 0.2, test: 0.2, groupBy: 'user' }, Infinity],
  [{ kind: 'random', validation: 0.2, test: 0.2, groupBy: 'user' }, 600],
  [{ kind: 'time', validation: 0.2, test: 0.2, column: 'user' }, Infinity],
])(
  'no teacher knows other rows of the group or the time that it predicts: %j, %s rows',
  async (split, trainingRows) => {
    const features = { user: 'numeric', sure: 'numeric' };
    const dataset = await datasetFromFiles(
      { files: 'a.csv', features, tasks: { click: 'binary' }, split },
      { 'a.csv': new Blob([`user,sure,click\n${rowsOfUsers.join('\n')}\n`]) },
    );
    const visible = visibleRows((await suiteOfDataset(dataset, 'here').open({})).trial(1));
    const labels = async (teacher: number) => {
      const rows = await rowsToTrain(
        visible,
        specOf(linear, { teacher, trainingRows, selection: 'loss', patience: 20 }),
      );
      const batch = rows.batch([...Array(rows.size).keys()]);
      return [...labelsOf(batch, 'click').labels].filter((_, row) => batch.numeric[2 * row + 1]! > 1); // the coins
    };
    const [own, soft] = [await labels(0), await labels(1)];
    const error = own.reduce((sum, label, i) => sum + Math.abs(label - soft[i]!), 0) / own.length;
    expect(error).toBeGreaterThan(0.45); // by chance it is 0.5
  },
);

test('models share what a seed was taught, and rows that bring their training have the labels themselves', async () => {
  const taught = await rowsToTrain({ train, validation }, specOf(linear));
  expect(await rowsToTrain({ train, validation }, specOf(linear))).toBe(taught);
  expect(await rowsToTrain({ train, validation }, specOf(linear, { teacher: 0.25 }))).not.toBe(taught);
  expect(rowsToTrain({ train, validation }, specOf(gradientBoosting()))).toBe(train);
  expect(rowsToTrain({ train, validation }, specOf(linear, {}))).toBe(train);
});

test('a training that was aborted is tried again', async () => {
  const own = { train: table(400, 3), validation };
  await expect(rowsToTrain(own, specOf(linear), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  expect((await rowsToTrain(own, specOf(linear))).size).toBe(400);
});

test('a trained model teaches once for all models of a seed, also a sample of the rows, and is disposed of', async () => {
  const own = { train: table(400, 4), validation };
  let opened = 0;
  const teacher = () => {
    opened++;
    const model = multiTaskModel({ schema: own.train.schema, ...linear, seed: 1 });
    for (const { name, variable } of model.store.all())
      if (/^heads.*bias$/.test(name)) tf.tidy(() => variable.assign(tf.fill(variable.shape, 50))); // says yes
    return Promise.resolve({ model: model as unknown as MultiTaskModel, rows: own.train as Examples });
  };
  const by = { teacher: 1, teacherModel: 'c0ffee' };
  const taught = await rowsToTrain({ ...own, teacher }, specOf(linear, by));
  expect(await rowsToTrain({ ...own, teacher }, specOf(linear, by))).toBe(taught);
  expect(opened).toBe(1);
  const { numTensors } = tf.memory(); // with those that the engine keeps
  const few = await rowsToTrain({ ...own, teacher }, specOf(linear, { ...by, trainingRows: 30 }));
  expect(tf.memory().numTensors).toBe(numTensors);
  for (const rows of [taught, few])
    expect(Math.min(...labelsOf(rows.batch([...Array(rows.size).keys()]), 'click').labels)).toBeGreaterThan(0.99);
  expect(() => rowsToTrain(own, specOf(linear, by))).toThrow('received only their hash');
});

test('a table without a task for trees is refused', () => {
  const tasks = { time: survival({ cuts: [1, 2] }) };
  const own = { train: { ...train, schema: denseSchema(2, tasks) }, validation };
  expect(() => rowsToTrain(own, specOf(linear))).toThrow('received time (survival). Leave the teacher out.');
});

test('fewer rows are some of the training rows, the same for all models, and among those of a larger sample', async () => {
  const of = async (trainingRows: number, own: object = {}) =>
    rowsToTrain({ train, validation }, specOf(linear, { trainingRows, ...own }));
  const ids = ({ size, batch }: Examples) => [...batch(Uint32Array.from({ length: size }, (_, row) => row)).numeric];
  const [few, more] = [await of(30), await of(100)];
  expect(few.size).toBe(30);
  expect(await of(30)).toBe(few);
  expect(ids(more).slice(0, 60)).toEqual(ids(few));
  expect(ids(train)).toEqual(expect.arrayContaining(ids(more)));
  expect(new Set(ids(more)).size).toBe(200);
  expect(await of(400)).toBe(train);
  const taught = await of(100, { teacher: 0.5 });
  expect(ids(taught)).toEqual(ids(more));
  expect(await of(100, { teacher: 0.5 })).toBe(taught);
});
