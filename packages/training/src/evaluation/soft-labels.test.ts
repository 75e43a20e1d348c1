import {
  binary,
  binaryCrossEntropy,
  bpr,
  focal,
  labelsOf,
  multiclass,
  regression,
  labelEncoder,
  type Examples,
  type MultiTaskModel,
  type Task,
  type Tasks,
} from '@polytask/core';
import { count, multiLabel, share as shareTask, survival } from '@polytask/core/tasks';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { tinyExamples, tinyModel } from '../testing/tiny.ts';
import { softLabels, takesSoftLabels, type SoftLabelOptions } from './soft-labels.ts';

beforeAll(() => tf.setBackend('cpu'));

type Known = ReturnType<typeof labelsOf>;
const ROWS = 43;
const allOf = ({ size }: Examples) => Uint32Array.from({ length: size }, (_, row) => row);
const tasks = {
  click: binary(),
  minutes: { ...regression(), fitted: { mean: 40, deviation: 12 } },
  level: multiclass({ classes: ['a', 'b', 'c'] }),
};
const rows = tinyExamples(tasks, ROWS, 1);

/** What tells rows apart: their first number. */
const idsOf = (examples: Examples): number[] => {
  const { numeric } = examples.batch(allOf(examples));
  const width = numeric.length / examples.size;
  return Array.from({ length: examples.size }, (_, row) => numeric[row * width]!);
};

/** Teachers whose weights are random: the rows that each was given, and its encoded predictions, by task and row. */
async function taughtBy<T extends Tasks>(examples: Examples<T>, options: SoftLabelOptions = {}, own: Tasks = tasks) {
  const given: number[][] = [];
  const predicted: Record<string, Map<number, number>>[] = [];
  const teach = async (train: Examples<T>): Promise<MultiTaskModel> => {
    const model: MultiTaskModel = tinyModel<Tasks>({ tasks: own, seed: given.length + 1 });
    given.push(idsOf(train));
    const { predictions } = await evaluate(model, examples as Examples, { engine: 'eager', predictions: true });
    predicted.push(
      Object.fromEntries(
        Object.entries(predictions).map(([task, { rows, predictions }]) => [
          task,
          new Map([...rows].map((row, i) => [row, labelEncoder(own[task]!)(predictions[i]!)])),
        ]),
      ),
    );
    return model;
  };
  return { result: await softLabels(examples, teach, { engine: 'eager', ...options }), given, predicted };
}

describe('softLabels', () => {
  it('mixes a label with the prediction of the model of the other folds, and reads all else as it is', async () => {
    const tensors = tf.memory().numTensors;
    const { result, given, predicted } = await taughtBy(rows, { share: 0.25, folds: 4, seed: 3 });
    expect(tf.memory().numTensors).toBe(tensors);
    const [before, after] = [rows.batch(allOf(rows)), result.batch(allOf(rows))];
    expect(given.map(({ length }) => ROWS - length).toSorted()).toEqual([10, 11, 11, 11]);
    let mixed = 0;
    idsOf(rows).forEach((id, row) => {
      const without = given.flatMap((ids, fold) => (ids.includes(id) ? [] : [fold]));
      expect(without).toHaveLength(1);
      for (const task of ['click', 'minutes']) {
        if (labelsOf(before, task).weights[row] === 0) continue;
        const soft = predicted[without[0]!]![task]!.get(row)!;
        expect(labelsOf(after, task).labels[row]).toBeCloseTo(
          0.75 * labelsOf(before, task).labels[row]! + 0.25 * soft,
          5,
        );
        mixed++;
      }
    });
    expect(mixed).toBeGreaterThan(60);
    expect({ ...after, labels: before.labels }).toEqual(before);
    expect([...labelsOf(result.batch([7, 2]), 'click').labels]).toEqual(
      [7, 2].map((row) => labelsOf(after, 'click').labels[row]),
    );
  });

  it('keeps the rows of a group in one fold, and teaches the tasks that the teacher has', async () => {
    const groupOf = (row: number) => (row % 9 === 4 ? -1 : row % 8);
    const grouped: Examples<typeof tasks> = {
      ...rows,
      batch: (at) => ({ ...rows.batch(at), groups: Int32Array.from(at, groupOf) }),
    };
    const { result, given } = await taughtBy(grouped, { folds: 3 }, { minutes: tasks.minutes });
    const ids = idsOf(rows);
    const foldOf = ids.map((id) => given.findIndex((each) => !each.includes(id)));
    for (let group = 0; group < 8; group++)
      expect(new Set(foldOf.filter((_, row) => groupOf(row) === group)).size, `group ${group}`).toBe(1);
    expect(new Set(foldOf)).toEqual(new Set([0, 1, 2]));
    const [before, after] = [rows.batch(allOf(rows)), result.batch(allOf(rows))];
    expect(labelsOf(after, 'click')).toEqual(labelsOf(before, 'click'));
    expect(labelsOf(after, 'minutes')).not.toEqual(labelsOf(before, 'minutes'));
  });

  it('keeps given groups in one fold, and makes periods of times', async () => {
    const groups = Float64Array.from({ length: ROWS }, (_, row) => (row % 9) - 4);
    const times = Float64Array.from({ length: ROWS }, (_, row) => -Math.floor(((row * 17) % ROWS) / 4));
    const ids = idsOf(rows);
    const foldOf = (given: number[][]) => ids.map((id) => given.findIndex((each) => !each.includes(id)));
    const byGroup = foldOf((await taughtBy(rows, { folds: 3, groups })).given);
    const ofGroup = new Map(byGroup.map((fold, row) => [groups[row], fold]));
    expect(byGroup).toEqual(Array.from(groups, (group) => ofGroup.get(group)));
    expect(new Set(byGroup).size).toBe(3);
    const byTime = foldOf((await taughtBy(rows, { folds: 3, times, seed: 5 })).given);
    const inTime = [...times.keys()].sort((a, b) => times[a]! - times[b]!).map((row) => byTime[row]!);
    expect(inTime).toEqual(inTime.toSorted());
    expect(new Set(inTime)).toEqual(new Set([0, 1, 2]));
    const ofTime = new Map(byTime.map((fold, row) => [times[row], fold]));
    expect(byTime).toEqual(Array.from(times, (time) => ofTime.get(time)));
    await expect(taughtBy(rows, { groups: [1, 2] })).rejects.toThrow(`groups of ${ROWS} rows, received 2`);
  });

  it('deals by the seed', async () => {
    const [one, two, again] = [
      await taughtBy(rows, { seed: 1 }),
      await taughtBy(rows, { seed: 2 }),
      await taughtBy(rows, { seed: 1 }),
    ];
    expect(again.given).toEqual(one.given);
    expect(two.given).not.toEqual(one.given);
  });

  it('takes a trained model for all rows, and leaves it to its owner', async () => {
    const teacher = tinyModel({ tasks: rows.schema.tasks, seed: 5 });
    const schema = { ...rows.schema, features: teacher.schema.features };
    const same = { ...rows, schema };
    const { predictions } = await evaluate(teacher, same, { engine: 'eager', predictions: true });
    const result = await softLabels(same, teacher, { share: 1, engine: 'eager' });
    const after = labelsOf(result.batch(allOf(rows)), 'click').labels;
    const { rows: places, predictions: expected } = predictions.click;
    places.forEach((row, i) => expect(after[row]).toBeCloseTo(expected[i]!, 6));
    expect(places.length).toBeGreaterThan(20);
    const again = await evaluate(teacher, same, { engine: 'eager', predictions: true }); // it wasn't disposed of
    expect(again.predictions.click.predictions).toEqual(expected);
    const other = { ...same, schema: { ...schema, features: { ...schema.features, more: { kind: 'numeric', mean: 0, deviation: 1 } } } }; // prettier-ignore
    await expect(softLabels(other as never, teacher)).rejects.toThrow(
      "Expected rows that are encoded by the teacher's schema, received another at features.more: ",
    );
    const encoded = { share: 1, engine: 'eager', teacherRows: same } as const;
    const own = await softLabels(other as never as typeof same, teacher, encoded);
    expect(labelsOf(own.batch(allOf(rows)), 'click').labels).toEqual(after);
    const level = multiclass({ classes: ['a', 'c', 'b'] });
    for (const [change, message] of [
      [{ schema: { ...schema, tasks: { ...schema.tasks, level } } }, 'labels of "level" to be those of the teacher'],
      [{ schema: { ...schema, tasks: { click: binary() } } }, 'received one of "minutes" too'],
      [{ size: ROWS - 1 }, 'Expected 42 rows for the teacher, received 43.'],
    ] as const)
      await expect(softLabels({ ...same, ...change } as never, teacher, encoded)).rejects.toThrow(message);
  });

  it('takes given predictions of all rows with a label, in their units', async () => {
    const { weights } = labelsOf(rows.batch(allOf(rows)), 'click');
    const labeled = allOf(rows).filter((row) => weights[row]! > 0);
    const given = (places: ArrayLike<number>) => ({ click: { rows: Uint32Array.from(places), predictions: Float64Array.from(places, (row) => row / ROWS) } }); // prettier-ignore
    const result = await softLabels(rows, { predictions: given(labeled) }, { share: 1 });
    const after = labelsOf(result.batch(allOf(rows)), 'click').labels;
    for (const row of labeled) expect(after[row]).toBeCloseTo(row / ROWS, 6);
    expect(labelsOf(result.batch(allOf(rows)), 'minutes')).toEqual(labelsOf(rows.batch(allOf(rows)), 'minutes'));
    await expect(softLabels(rows, { predictions: given(labeled.slice(1)) })).rejects.toThrow(
      `a prediction of "click" for each row with a label, received none for row ${labeled[0]}`,
    );
    const named = { clicks: given(labeled).click };
    await expect(softLabels(rows, { predictions: named })).rejects.toThrow('Did you mean "click"?');
  });

  it('refuses what it cannot do', async () => {
    await expect(taughtBy(rows, { share: 0 })).rejects.toThrow('a number in (0, 1]');
    await expect(taughtBy(rows, { folds: 44 })).rejects.toThrow('Expected rows for 44 folds, received 43.');
    const absolute = { minutes: regression({ loss: 'mae' }) };
    const others = tinyExamples(absolute, ROWS, 1);
    await expect(taughtBy(others, {}, absolute)).rejects.toThrow('minutes, regression with mae');
  });

  it('draws labels that cannot lie between two, in the shares of the teacher, and the same ones for the same rows', async () => {
    const own = {
      ...tasks,
      likes: binary({ loss: focal() }),
      genres: multiLabel({ labels: ['a', 'b'] }),
    };
    const wide = tinyExamples(own, ROWS, 1);
    const share = 0.75;
    const { result, predictions } = await probabilitiesOf(wide, own, share);
    const everywhere = Uint32Array.from({ length: ROWS * 100 }, (_, i) => i % ROWS);
    const [before, after] = [wide.batch(everywhere), result.batch(everywhere)];
    expect(result.batch(everywhere)).toEqual(after);
    expect(result.batch([0, 1, 2, 3, 4, 5, 6, 7]).labels).not.toEqual(result.batch([0, 2, 1, 3, 4, 5, 6, 7]).labels);
    for (const task of ['level', 'likes', 'genres'] as const) {
      const [labels, drawn] = [before, after].map((batch) => labelsOf(batch, task)) as [Known, Known];
      const isOf = (label: number, i: number) =>
        task === 'level' ? Number(label === i) : Math.floor(label / 2 ** i) % 2;
      const width = { level: 3, likes: 1, genres: 2 }[task];
      for (let row = 0; row < ROWS; row++) {
        const draws = [...drawn.labels].filter((_, i) => i % ROWS === row);
        if (labels.weights[row] === 0) expect(new Set(draws), task).toEqual(new Set([labels.labels[row]]));
        else
          for (let i = 0; i < width; i++) {
            const chance = (1 - share) * isOf(labels.labels[row]!, i) + share * predictions[task]!.get(row)![i]!;
            const mean = draws.reduce((sum, label) => sum + isOf(label, i), 0) / draws.length;
            expect(Math.abs(mean - chance), `${task} ${row}`).toBeLessThan(5 * Math.sqrt(0.25 / draws.length)); // 5 deviations
          }
      }
    }
  });
});

/** Rows that a random model taught, which is the same one in all folds, and its predictions, by task and row. */
async function probabilitiesOf<T extends Tasks>(examples: Examples<T>, own: Tasks, share: number) {
  const model = () => tinyModel<Tasks>({ tasks: own, seed: 1 });
  const result = await softLabels(examples, () => Promise.resolve(model()), { engine: 'eager', share });
  const evaluated = await evaluate(model(), examples as Examples, { engine: 'eager', predictions: true });
  const byRow = Object.entries(evaluated.predictions).map(([task, { rows: places, predictions }]) => {
    const width = predictions.length / places.length;
    return [
      task,
      new Map([...places].map((row, i) => [row, [...predictions.slice(i * width, (i + 1) * width)]])),
    ] as const;
  });
  return { result, predictions: Object.fromEntries(byRow) };
}

it.each<[string, Task, boolean]>([
  ['binary', binary(), true],
  ['binary with a weight, which the label has a say in', binary({ positiveWeight: 3 }), true],
  ['binary with smoothed labels', binary({ loss: binaryCrossEntropy({ smoothing: 0.1 }) }), true],
  ['share', shareTask(), true],
  ['regression', regression(), true],
  ['count', count(), true],
  ['focal', binary({ loss: focal() }), true],
  ['mae', regression({ loss: 'mae' }), false],
  ['pairs', binary({ loss: bpr() }), false],
  ['classes', tasks.level, true],
  ['times', survival({ cuts: [1, 2] }), false],
])('takesSoftLabels: %s', (_, task, takes) => expect(takesSoftLabels(task)).toBe(takes));
