import { doubleMath } from '@polytask/components';
import { binary } from '../tasks/binary.ts';
import { calibratedScores, encodedScores, taskScores } from '../tasks/labels.ts';
import { multiclass } from '../tasks/multiclass.ts';
import type { Task } from '../tasks/tasks.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import reference from '../../fixtures/calibrations.json' with { type: 'json' };
import '../kinds/index.ts';
import { ordinal } from '../kinds/index.ts';
import {
  calibrationsFor,
  fitCalibration,
  isotonic,
  platt,
  temperature,
  type CalibrationSpec,
  type Knots,
} from './index.ts';

beforeAll(() => tf.setBackend('cpu'));

const { yesNo, classes } = reference;
const kinds = multiclass({ classes: ['a', 'b', 'c'] });

const fitted = (
  name: string,
  task: Task,
  { logits, labels, weights }: Pick<typeof classes, 'logits' | 'labels' | 'weights'>,
) =>
  fitCalibration(name, task, {
    scores: encodedScores(task, logits, logits.length / labels.length),
    labels: Float64Array.from(labels),
    weights: Float64Array.from(weights),
  });

const configOf = <C>(spec: CalibrationSpec): C => spec.config as C;
const sigmoid = (z: number) => doubleMath.sigmoid(z) as number;
const calibrated = <T extends Task>(task: T, calibration: CalibrationSpec): T => ({
  ...task,
  calibrated: { calibration },
});

describe('the values of scikit-learn and SciPy', () => {
  test('Platt', () => {
    const { slope, offset } = configOf<typeof yesNo.platt>(fitted('platt', binary(), yesNo));
    expect(slope).toBeCloseTo(yesNo.platt.slope, 4); // scikit-learn stops at a gradient of 1e-6
    expect(offset).toBeCloseTo(yesNo.platt.offset, 4);
  });

  test('temperature of yes and no, and of classes', () => {
    const of = (task: Task, rows: typeof classes | typeof yesNo) =>
      configOf<{ temperature: number }>(fitted('temperature', task, rows)).temperature;
    expect(of(binary(), yesNo)).toBeCloseTo(yesNo.temperature, 6);
    expect(of(kinds, classes)).toBeCloseTo(classes.temperature, 6);
  });

  test('isotonic: the shares of the inner blocks, with half a row more for those at the ends, at the mean of their logits', () => {
    const { x, y } = configOf<Knots>(fitted('isotonic', binary(), yesNo));
    const within = yesNo.isotonic.map(({ share, weight, logit }) => {
      const isInner = share > 0 && share < 1;
      return [logit, isInner ? share : (share * weight + 0.5) / (weight + 1)] as const;
    });
    expect(x).toHaveLength(within.length);
    within.forEach(([logit, share], i) => {
      expect(x[i]).toBeCloseTo(logit, 9);
      expect(sigmoid(y[i]!)).toBeCloseTo(share, 9);
    });
  });
});

const SPECS = [
  temperature({ temperature: 1.7 }),
  platt({ slope: 0.6, offset: -0.4 }),
  isotonic({ x: [-2, -1.5, 1], y: [-3, 0, 0.5], ends: [1, 0.2] }),
  isotonic({ x: [0.5], y: [-1], ends: [0.001, 0.001] }),
];

describe.each(SPECS)('$name $config', (spec) => {
  const task = calibrated(binary(), spec);
  const logits = [-52, -30, -4, -2, -1.7, -0.5, 0, 0.6, 1, 1.1, 3, 30];

  test('tensors and doubles agree', () => {
    const doubles = encodedScores(task, logits, 1);
    const tensors = taskScores(task, tf.tensor2d(logits, [logits.length, 1]));
    expect(tensors.shape).toEqual([logits.length, 1]);
    tensors.dataSync().forEach((p, i) => expect(p / doubles[i]!).toBeCloseTo(1, 5));
  });

  test('the order stays, and probabilities are within (0, 1)', () => {
    const scores = [...encodedScores(task, logits, 1)];
    expect([...scores].sort((a, b) => a - b)).toEqual(scores);
    expect(new Set(scores).size).toBe(scores.length);
    expect(scores.every((p) => p > 0 && p < 1)).toBe(true);
  });

  test('of members, the mean probability is calibrated, also where it is near 1', () => {
    const members = [0.5, -1, 30, 2, 0.1, 20]; // two members of three rows
    const doubles = calibratedScores(task, encodedScores(binary(), members, 1, 2));
    const tensors = taskScores(task, tf.tensor2d(members, [6, 1]), 2).dataSync();
    tensors.forEach((p, i) => expect(p / doubles[i]!).toBeCloseTo(1, 5));
  });
});

test('saturated logits have the same calibrated probability in doubles and on tensors, also of members', () => {
  const task = calibrated(binary(), platt({ slope: 0.05, offset: 0 }));
  const [logits, largest] = [[20, 40, 300], 1 / (1 + 2 ** (-53 * 0.05))];
  const doubles = encodedScores(task, logits, 1);
  expect([...doubles].slice(1)).toEqual([largest, largest]);
  expect(doubles[0]).toBeLessThan(largest);
  taskScores(task, tf.tensor2d(logits, [3, 1]))
    .dataSync()
    .forEach((p, i) => expect(p).toBeCloseTo(doubles[i]!, 5));
  expect(taskScores(task, tf.tensor2d([300, 250], [2, 1]), 2).dataSync()[0]).toBeCloseTo(largest, 5);
});

test('temperature of classes keeps the likeliest class, and members are averaged first', () => {
  const task = calibrated(kinds, temperature({ temperature: 2 }));
  const tensors = taskScores(task, tf.tensor2d(classes.logits, [120, 3])).arraySync() as number[][];
  const before = taskScores(kinds, tf.tensor2d(classes.logits, [120, 3])).arraySync() as number[][];
  const top = (shares: number[]) => shares.indexOf(Math.max(...shares));
  expect(tensors.map(top)).toEqual(before.map(top));
  const two = taskScores(task, tf.tensor2d(classes.logits, [120, 3]), 2).dataSync();
  encodedScores(task, classes.logits, 3, 2).forEach((p, i) => expect(two[i]).toBeCloseTo(p, 6));
});

test('isotonic keeps the order of rows that it pools, and falling labels give a constant', () => {
  const logits = Float64Array.from({ length: 400 }, (_, i) => (i - 200) / 50);
  const labels = logits.map((z, i) => Number(((i * 7919) % 400) / 400 < sigmoid(3 * Math.sin(z))));
  const scores = logits.map(sigmoid);
  const rows = { scores, labels, weights: labels.map(() => 2) };
  const after = [...calibratedScores(calibrated(binary(), fitCalibration('isotonic', binary(), rows)), scores)];
  expect(after.every((p, i) => i === 0 || p > after[i - 1]!)).toBe(true);
  const falling = { ...rows, labels: logits.map((z) => Number(z < 0)) };
  for (const name of ['isotonic', 'platt']) {
    const constant = calibratedScores(calibrated(binary(), fitCalibration(name, binary(), falling)), scores);
    for (const p of constant) expect(p).toBeCloseTo(0.5, 2);
  }
});

test('isotonic is not sure of what one row shows, and separates what is separable', () => {
  const knots = (labels: readonly number[]) =>
    configOf<Knots>(
      fitted('isotonic', binary(), {
        logits: [...labels.keys()].map((i) => i - 2),
        labels: [...labels],
        weights: labels.map(() => 1),
      }),
    ).y.map(sigmoid);
  expect(knots([0, 0, 1, 0, 0, 1])).toEqual([1 / 6, 1 / 3, 0.75].map((p) => expect.closeTo(p, 9) as number));
  expect(knots([0, 0, 0, 1, 1])).toEqual([1 / 8, 5 / 6].map((p) => expect.closeTo(p, 9) as number));
  expect(knots([0, 1, 0, 0, 0, 0, 0, 0, 1])).toEqual([1 / 8, 0.75].map((p) => expect.closeTo(p, 9) as number)); // ¼ would fall
});

test('what a task can have, and rows that cannot be calibrated on', () => {
  expect(calibrationsFor(binary())).toEqual(['temperature', 'platt', 'isotonic']);
  expect(calibrationsFor(kinds)).toEqual(['temperature']);
  expect(calibrationsFor(ordinal({ classes: ['a', 'b'] }))).toEqual([]);
  const one = { ...yesNo, labels: yesNo.labels.map(() => 1) };
  expect(() => fitted('isotonic', binary(), one)).toThrow('rows of yes and of no to calibrate on, received only yes');
  expect(() => fitted('isotonic', kinds, classes)).toThrow('a calibration for multiclass tasks, received "isotonic"');
  expect(() => fitted('isotonc', binary(), yesNo)).toThrow('Did you mean "isotonic"?');
  expect(() => temperature({ temperature: 0 })).toThrow('a number above 0 for temperature.temperature');
});
