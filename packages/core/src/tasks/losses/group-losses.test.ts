import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { stackLogits } from '../../model/heads.ts';
import { taskLoss, taskLosses, rowLosses } from '../../model/losses.ts';
import { binary } from '../binary.ts';
import { multiclass } from '../multiclass.ts';
import { regression } from '../regression.ts';
import type { Task } from '../tasks.ts';
import { bpr, jrc, listNet, rankNet } from './group-losses.ts';
import { groupedTasks, groupLossOf, lossOf, rowLossOf } from './loss-of.ts';

beforeAll(() => tf.setBackend('cpu'));

interface Rows {
  readonly z: number[][];
  readonly y: number[];
  readonly w: number[];
  readonly groups: number[];
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const indices = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Two groups with pairs, a row without a label in one, two rows without a group, and a group with one label. */
const YES_NO: Rows = {
  z: [0.3, -1.2, 2, 0.4, 9, 1.5, -0.6, -2, 3, 0.1, 0.2].map((z) => [z]),
  y: [1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1],
  w: [1, 2, 0.5, 1, 0, 3, 1, 1, 1, 1, 1],
  groups: [7, 7, 7, 2, 2, 2, 7, -1, -1, 5, 5],
};
const GRADES: Rows = { ...YES_NO, y: [2, 0.5, -1, 0.5, 9, 0, 0.5, 1, 0, 1.5, 1.5] };
const CLASSES: Rows = {
  ...YES_NO,
  z: YES_NO.z.map(([z], i) => [-z! / 3, z!, (i % 3) - 1]),
  y: [2, 0, 1, 1, 2, 0, 1, 2, 0, 1, 0],
};

/** The rows of each group that have a label. */
const membersOf = ({ w, groups }: Rows): number[][] => {
  const keys = [...new Set(groups.map((group, i) => (group < 0 ? -1 - i : group)))];
  return keys
    .map((key) => indices(w.length).filter((i) => (groups[i]! < 0 ? -1 - i : groups[i]) === key && w[i]! > 0))
    .filter((rows) => rows.length > 0);
};

/** Mean over pairs, in plain loops. */
function plainPairs(rows: Rows, sigma = 1): number {
  let [sum, weight] = [0, 0];
  for (const members of membersOf(rows)) {
    for (const i of members) {
      for (const j of members) {
        if (!(rows.y[i]! > rows.y[j]!)) continue;
        const count = rows.w[i]! * rows.w[j]!;
        sum -= count * Math.log(sigmoid(sigma * (rows.z[i]![0]! - rows.z[j]![0]!)));
        weight += count;
      }
    }
  }
  return sum / weight;
}

/** Cross-entropy of a group, in plain loops; the mean over groups. */
function plainListNet(rows: Rows, target: 'softmax' | 'share'): number {
  const losses = membersOf(rows).flatMap((members) => {
    if (members.length < 2) return [];
    const shares = (mass: (i: number) => number) => {
      const all = members.map((i) => rows.w[i]! * mass(i));
      const sum = all.reduce((a, b) => a + b);
      return all.map((one) => one / sum);
    };
    const wanted = shares((i) => (target === 'share' ? rows.y[i]! : Math.exp(rows.y[i]!)));
    if (wanted.some(Number.isNaN)) return [];
    const given = shares((i) => Math.exp(rows.z[i]![0]!));
    return [wanted.reduce((sum, q, k) => sum - q * Math.log(given[k]!), 0)];
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}

/** The sum of the paper, with the logits of all classes, in plain loops. */
function plainJrc(rows: Rows, alpha: number): number {
  const logits = rows.z.map((z) => (z.length === 1 ? [-z[0]! / 2, z[0]! / 2] : z));
  let [sum, weight] = [0, 0];
  for (const members of membersOf(rows)) {
    for (const i of members) {
      const c = rows.y[i]!;
      const ofRow = Math.exp(logits[i]![c]!);
      const overClasses = logits[i]!.reduce((total, each) => total + Math.exp(each), 0);
      const overRows = members.reduce((total, j) => total + rows.w[j]! * Math.exp(logits[j]![c]!), 0);
      const loss = -alpha * Math.log(ofRow / overClasses) - (1 - alpha) * Math.log((rows.w[i]! * ofRow) / overRows);
      sum += rows.w[i]! * loss;
      weight += rows.w[i]!;
    }
  }
  return sum / weight;
}

const distinct = (groups: number[]) =>
  tf.tensor1d(
    groups.map((group, i) => (group < 0 ? ~i : group)),
    'int32',
  );
const onTensors = (task: Task, { z, y, w, groups }: Rows) =>
  taskLoss(task, tf.tensor2d(z), tf.tensor1d(y), tf.tensor1d(w), distinct(groups)).dataSync()[0]!;
function inDoubles(task: Task, rows: Rows, cut = rows.y.length): number {
  const mean = groupLossOf(lossOf(task), rows.z[0]!.length)!.mean();
  for (let from = 0; from < rows.y.length; from += cut) {
    const part = <V>(values: V[]) => values.slice(from, from + cut);
    mean.add(part(rows.z).flat(), { labels: part(rows.y), weights: part(rows.w), groups: part(rows.groups) });
  }
  return mean.value();
}

const classes = ['a', 'b', 'c'];
const LOSSES: [string, Task, Rows, (rows: Rows) => number][] = [
  ['bpr', binary({ loss: bpr() }), YES_NO, plainPairs],
  ['rankNet', regression({ loss: rankNet({ sigma: 2 }) }), GRADES, (rows) => plainPairs(rows, 2)],
  ['listNet', regression({ loss: listNet() }), GRADES, (rows) => plainListNet(rows, 'softmax')],
  ['listNet of shares', binary({ loss: listNet({ target: 'share' }) }), YES_NO, (rows) => plainListNet(rows, 'share')],
  ['jrc', binary({ loss: jrc({ alpha: 0.3 }) }), YES_NO, (rows) => plainJrc(rows, 0.3)],
  ['jrc of classes', multiclass({ classes, loss: jrc() }), CLASSES, (rows) => plainJrc(rows, 0.5)],
];

describe.each(LOSSES)('%s', (_, task, rows, plain) => {
  it('has the numbers of plain loops, in doubles and as tensors', () => {
    expect(inDoubles(task, rows)).toBeCloseTo(plain(rows), 12);
    expect(onTensors(task, rows)).toBeCloseTo(plain(rows), 5);
  });

  it('is measured over all rows of a group, whatever the batches', () => {
    expect(inDoubles(task, rows, 2)).toBeCloseTo(plain(rows), 12);
  });

  it("doesn't look at a row without a label", () => {
    const other = { ...rows, z: rows.z.map((z, i) => (rows.w[i] === 0 ? z.map(() => -50) : z)) };
    expect(onTensors(task, other)).toBe(onTensors(task, rows));
    expect(inDoubles(task, { ...other, y: rows.y.map((y, i) => (rows.w[i] === 0 ? NaN : y)) })).toBe(
      inDoubles(task, rows),
    );
  });

  it('counts a row of weight 2 in its group as often as two rows', () => {
    const twice = [...indices(rows.y.length), 0];
    const pick = <V>(values: V[]) => twice.map((i) => values[i]!);
    const doubled = { z: pick(rows.z), y: pick(rows.y), w: pick(rows.w), groups: pick(rows.groups) };
    const weighted = { ...rows, w: rows.w.map((w, i) => (i === 0 ? 2 * w : w)) };
    const slope = (of: Rows) => {
      const at = (by: number) =>
        inDoubles(task, { ...of, z: of.z.map((z, i) => (i === 1 ? z.map((v, c) => (c === 0 ? v + by : v)) : z)) });
      return (at(1e-5) - at(-1e-5)) / 2e-5;
    };
    expect(slope(weighted)).toBeCloseTo(slope(doubled), 8); // a list's value differs by a constant
  });

  it('has the gradient that its doubles have', () => {
    const [y, w, groups] = [tf.tensor1d(rows.y), tf.tensor1d(rows.w), distinct(rows.groups)];
    const gradient = tf
      .grad((z) => taskLoss(task, z, y, w, groups))(tf.tensor2d(rows.z))
      .dataSync();
    rows.z.flat().forEach((_value, at) => {
      const width = rows.z[0]!.length;
      const moved = (by: number) =>
        inDoubles(task, { ...rows, z: rows.z.map((z, i) => z.map((v, c) => (i * width + c === at ? v + by : v))) });
      expect(gradient[at]!).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5);
    });
  });

  it('is the same for tasks at once as one by one', () => {
    const z = tf.tensor2d(rows.z);
    const [y, w, groups] = [tf.tensor1d(rows.y), tf.tensor1d(rows.w), distinct(rows.groups)];
    const half = tf.tensor1d(rows.w.map((each, i) => (i % 2 ? 0 : each)));
    const both = taskLoss(task, tf.stack([z, tf.neg(z)]), tf.stack([y, y]), tf.stack([w, half]), groups).dataSync();
    expect(both[0]).toBeCloseTo(taskLoss(task, z, y, w, groups).dataSync()[0]!, 5);
    expect(both[1]).toBeCloseTo(taskLoss(task, tf.neg(z), y, half, groups).dataSync()[0]!, 5);
  });

  it('compares rows of a group within each member of a model', () => {
    const [y, w, groups] = [tf.tensor1d(rows.y), tf.tensor1d(rows.w), distinct(rows.groups)];
    const members = [1, -1, 0.5].map((factor) => tf.mul(tf.tensor2d(rows.z), factor) as tf.Tensor2D);
    const batch = { labels: tf.expandDims(y) as tf.Tensor2D, weights: tf.expandDims(w) as tf.Tensor2D, groups };
    const losses = taskLosses({ task }, stackLogits({ task: tf.concat(members) }), batch).tasks.dataSync();
    const each = members.map((z) => taskLoss(task, z, y, w, groups).dataSync()[0]!);
    expect(losses[0]).toBeCloseTo((each[0]! + each[1]! + each[2]!) / 3, 5);
  });

  it('is 0 with a gradient of 0 where no row has a label', () => {
    const loss = (z: tf.Tensor) =>
      taskLoss(task, z, tf.tensor1d(rows.y), tf.zeros([rows.y.length]), distinct(rows.groups));
    expect(loss(tf.tensor2d(rows.z)).dataSync()[0]! + 0).toBe(0);
    for (const slope of tf.grad(loss)(tf.tensor2d(rows.z)).dataSync()) expect(slope + 0).toBe(0);
  });
});

it('has these numbers by hand', () => {
  const rows = { z: [[Math.log(3)], [0]], y: [1, 0], w: [1, 1], groups: [4, 4] };
  expect(inDoubles(binary({ loss: bpr() }), rows)).toBeCloseTo(Math.log(4 / 3), 12); // σ(log 3) = 3/4
  expect(inDoubles(binary({ loss: listNet({ target: 'share' }) }), rows)).toBeCloseTo(Math.log(4 / 3), 12); // softmax: 3/4, 1/4
  // e / (e + 1) should be on top with log 3/4, the other with log 1/4
  const top = Math.E / (Math.E + 1);
  expect(inDoubles(binary({ loss: listNet() }), rows)).toBeCloseTo(
    -top * Math.log(3 / 4) - (1 - top) * Math.log(1 / 4),
    12,
  );
  // ±z/2: √3 against 1 for yes, 1 against 1/√3 for no
  const ranking = -Math.log(Math.sqrt(3) / (Math.sqrt(3) + 1));
  const calibration = (Math.log(4 / 3) + Math.log(2)) / 2;
  expect(inDoubles(binary({ loss: jrc({ alpha: 0.25 }) }), rows)).toBeCloseTo(0.25 * calibration + 0.75 * ranking, 12);
});

it('takes a large group in pieces', { tags: ['long'], timeout: 60_000 }, () => {
  const n = 2500;
  const rows = {
    z: indices(n).map((i) => [Math.sin(i)]),
    y: indices(n).map((i) => i % 2),
    w: indices(n).map(() => 1),
    groups: indices(n).map(() => 3),
  };
  expect(inDoubles(binary({ loss: bpr() }), rows)).toBeCloseTo(
    plainPairs({ ...rows, groups: indices(n).map((i) => Math.floor(i / 1024)) }),
    9,
  );
});

it('says which losses need groups, and how rows get them', () => {
  expect(groupedTasks({ a: binary({ loss: bpr() }), b: binary(), c: regression({ loss: 'list-net' }) })).toEqual([
    'a',
    'c',
  ]);
  expect(() => taskLoss(binary({ loss: bpr() }), tf.zeros([2, 1]), tf.zeros([2]), tf.ones([2]))).toThrow(
    'Expected the group of each row in the batch, as the loss "bpr" compares the rows of a group, received none. Name their column: readCsv(',
  );
  expect(() => rowLosses(binary({ loss: bpr() }), tf.zeros([2, 1]), tf.zeros([2]))).toThrow(
    'a loss of single rows, received "bpr"',
  );
  expect(() => rowLossOf(jrc(), 1)).toThrow('a loss of single rows');
  expect(() => regression({ loss: listNet({ target: 'share' }) })).toThrow(
    'labels of 0 or more for the target "share" of regression.loss',
  );
  expect(() => multiclass({ classes, loss: bpr() })).toThrow('received "bpr", which is for binary.');
  expect(() => jrc({ alpha: 2 })).toThrow('a number in [0, 1] for jrc.alpha, received 2');
});
