import { expectedCalibrationError } from '@polytask/metrics';
import {
  binary,
  decisionsOf,
  type Examples,
  load,
  multiclass,
  multiTaskModel,
  randomStream,
  regression,
  toBytes,
  type Task,
} from '@polytask/core';
import { multiLabel, quantiles } from '@polytask/core/tasks';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../evaluation/evaluate.ts';
import type { TaskPredictions } from '../evaluation/measure.ts';
import { fit } from '../fit/fit.ts';
import { tinyExamples, tinyModel, tinyNetwork, tinyTasks } from '../testing/tiny.ts';
import { calibrate, calibratedPredictions, fitCalibrated, conformalMargin } from './calibrate.ts';
import { planCalibration } from './plan-calibration.ts';
import { chooseThreshold, bestF1, cost, rate } from './thresholds.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Rows of one task. */
const rowsOf = (labels: readonly number[], predictions: readonly number[], weights = labels.map(() => 1)) => ({
  rows: Uint32Array.from(labels.keys()),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions),
  weights: Float64Array.from(weights),
});

describe('a calibrated model', () => {
  const validation = tinyExamples(tinyTasks, 600, 2);

  test('predicts what it evaluates, after save and load, too', async () => {
    const model = tinyModel();
    const raw = model.predict(validation);
    const calibrated = await calibrate(model, validation, {
      ...{ calibration: { click: 'isotonic', stars: 'temperature' }, intervals: 0.8, threshold: { click: bestF1() } },
    });
    expect(Object.keys(calibrated)).toEqual(['click', 'stars', 'minutes']);
    expect(Object.keys(calibrated.click!)).toEqual(['calibration', 'interval', 'threshold']);
    expect(Object.keys(calibrated.minutes!)).toEqual(['interval']);
    const { predictions } = await evaluate(model, validation, { predictions: true });
    const after = model.predict(validation);
    const { rows, predictions: doubles } = predictions.click;
    rows.forEach((row, i) => expect(after.click[row]).toBeCloseTo(doubles[i]!, 5));
    expect(after.click).not.toEqual(raw.click);
    expect(after.minutes).toEqual(raw.minutes);
    const copy = await load<typeof tinyTasks>(await toBytes(model));
    expect(copy.schema.tasks.click.calibrated).toEqual(calibrated.click);
    expect(copy.predict(validation)).toEqual(after);
    copy.dispose();
    model.dispose();
  });

  test('keeps what is not named as it is; none and 0 remove it', async () => {
    const model = tinyModel();
    const others = tinyExamples(tinyTasks, 500, 9);
    const first = await calibrate(model, validation, { calibration: 'platt', threshold: 'f1', intervals: 0.9 });
    const second = await calibrate(model, others, { threshold: { click: rate({ share: 0.2 }) } });
    expect(second).toEqual({ ...first, click: { ...first.click, threshold: second.click!.threshold } });
    expect(second.click!.threshold!.rule.name).toBe('rate');
    expect(second.click!.threshold!.at).not.toBe(first.click!.threshold!.at);
    const third = await calibrate(model, others, { intervals: 0.8 });
    expect(third.click).toEqual({ ...second.click, interval: { level: 0.8, margin: expect.any(Number) as number } });
    expect(await calibrate(model, others, { calibration: 'none', intervals: 0, threshold: 'none' })).toEqual({});
    model.dispose();
  });

  test('a named calibration fits the sets and the threshold of its task anew, by their level and rule', async () => {
    const model = tinyModel();
    const first = await calibrate(model, validation, { threshold: 'f1', intervals: 0.9 });
    const second = await calibrate(model, validation, { calibration: { click: 'isotonic' } });
    const both = tinyModel();
    const choices = { calibration: { click: 'isotonic' }, threshold: { click: 'f1' }, intervals: { click: 0.9 } };
    expect(second).toEqual({ ...first, click: (await calibrate(both, validation, choices)).click });
    model.dispose();
    both.dispose();
  });

  test('an error leaves the model as it was, and training removes what was calibrated', async () => {
    const model = tinyModel();
    const raw = model.predict(validation);
    const calibrated = await calibrate(model, validation, { calibration: 'platt' });
    const few = { ...validation, size: 20, slice: undefined } as unknown as Examples<typeof tinyTasks>;
    await expect(calibrate(model, few, { intervals: 0.99 })).rejects.toThrow('99 labeled rows or more');
    expect(model.schema.tasks.click.calibrated).toEqual(calibrated.click);
    const { warnings } = await fit(model, validation, { epochs: 1, progress: false });
    expect(warnings).toContainEqual({
      ...{ kind: 'calibration-removed', severity: 'warning', about: {}, evidence: { tasks: ['click'] } },
      message: 'Training removes what was calibrated of click: call calibrate again after it.',
    });
    expect(model.schema.tasks.click.calibrated).toBeUndefined();
    expect(model.predict(validation)).not.toEqual(raw);
    model.dispose();
  });

  test('averages the members of a model first', async () => {
    const { schema } = validation;
    const model = multiTaskModel({ schema, network: tinyNetwork({ units: 4 }), seed: 3, members: 3 });
    await calibrate(model, validation, { calibration: { click: 'isotonic', stars: 'temperature' } });
    const { predictions } = await evaluate(model, validation, { predictions: true });
    const after = model.predict(validation);
    predictions.click.rows.forEach((row, i) => {
      expect(after.click[row]).toBeCloseTo(predictions.click.predictions[i]!, 5);
    });
    model.dispose();
  });
});

/** Independent draws for rows that are exchangeable. */
function draws(seed: number, rows: number) {
  const chance = randomStream(seed, 'chance').uniform(rows);
  const scores = randomStream(seed, 'score').normal(rows);
  const noise = randomStream(seed, 'noise').normal(rows);
  const p = [...scores].map((z) => 1 / (1 + Math.exp(-z)));
  const overconfident = [...scores].map((z) => 1 / (1 + Math.exp(-3 * z)));
  return {
    click: rowsOf(
      p.map((each, i) => Number(chance[i]! < each)),
      overconfident,
    ),
    kind: rowsOf(
      p.map((each, i) => (chance[i]! < each ? 0 : chance[i]! < each + (1 - each) / 2 ? 1 : 2)),
      p.flatMap((each) => [each, (1 - each) * 0.7, (1 - each) * 0.3]),
    ),
    price: rowsOf(
      [...noise].map((each, i) => 50 + 10 * (scores[i]! + each)),
      [...scores].map((z) => 50 + 10 * z),
    ),
  };
}

const tasks = {
  click: binary(),
  kind: multiclass({ classes: ['a', 'b', 'c'] }),
  price: { ...regression(), fitted: { mean: 50, deviation: 14 } },
};

test('a task that has no interval gets none from a plan that was written by hand', async () => {
  const tags = multiLabel({ labels: ['x', 'y'] });
  await expect(fitCalibrated({ tags }, { tags: { level: 0.9 } }, { tags: draws(1, 100).kind })).rejects.toThrow(
    'Task "tags": Expected a task of a number, of classes or of yes and no for an interval, received the multi-label task.',
  );
});

test('coverage on exchangeable rows is the promised one, and the calibration error falls', async () => {
  const plan = await planCalibration(tasks, {
    ...{ calibration: { click: 'isotonic', kind: 'temperature' }, intervals: { kind: 0.9, price: 0.9 } },
  });
  const calibrated = await fitCalibrated(tasks, plan, draws(1, 4000));
  const test = draws(2, 20_000);
  const price = { ...tasks.price, calibrated: calibrated.price } as Task;
  const [low, high] = decisionsOf(price);
  const { labels, predictions } = test.price;
  const inside = labels.filter((y, i) => y >= Number(low!.of(predictions, i)) && y <= Number(high!.of(predictions, i)));
  expect(inside.length / labels.length).toBeGreaterThan(0.885);
  expect(inside.length / labels.length).toBeLessThan(0.915);
  const [set] = decisionsOf({ ...tasks.kind, calibrated: calibrated.kind } as Task);
  const kind = calibratedPredictions({ ...tasks.kind, calibrated: calibrated.kind } as Task, test.kind);
  const right = kind.labels.filter((y, i) => (set!.of(kind.predictions, i) as string[]).includes('abc'[y]!));
  expect(right.length / kind.labels.length).toBeGreaterThan(0.885);
  expect(right.length / kind.labels.length).toBeLessThan(0.915);
  const error = (rows: TaskPredictions) =>
    expectedCalibrationError.metric().create().update(rows.labels, rows.predictions).compute();
  const click = calibratedPredictions({ ...tasks.click, calibrated: calibrated.click } as Task, test.click);
  expect(error(click)).toBeLessThan(error(test.click) / 5);
});

test.each(['temperature', 'platt', 'isotonic'])(
  '%s is kept only if it clearly lowers the log loss of held-out rows',
  async (name) => {
    const plan = await planCalibration({ click: binary() }, { calibration: name });
    const fitted = async (seed: number, isCalibrated: boolean, rows = 200) => {
      const { click } = draws(seed, rows);
      const honest = click.predictions.map((p) => 1 / (1 + Math.exp(-Math.log(p / (1 - p)) / 3)));
      const own = isCalibrated ? { ...click, predictions: honest } : click;
      return (await fitCalibrated({ click: binary() }, plan, { click: own })).click!;
    };
    const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
    for (const seed of seeds) expect((await fitted(seed, false)).calibration?.name).toBe(name);
    const ofHonest = await Promise.all(seeds.map((seed) => fitted(seed, true)));
    const leftOut = ofHonest.flatMap((each) => each.leftOut ?? []);
    expect(leftOut.length).toBeGreaterThanOrEqual(7); // by chance, a few rows want a calibration
    for (const each of leftOut) expect(each.name).toBe(name);
  },
);

test('the margin is the ⌈(n + 1) level⌉-th least score, and weights stand for rows', () => {
  const margin = (scores: number[], level: number, weights = scores.map(() => 1)) =>
    conformalMargin(Float64Array.from(scores), Float64Array.from(weights), level, 'price');
  const scores = Array.from({ length: 99 }, (_, i) => (i * 37) % 99);
  expect(margin(scores, 0.9)).toBe(89); // the 90th of 0 to 98
  expect(margin([3, 1, 2], 0.5)).toBe(2);
  expect(
    margin(
      Array.from({ length: 9 }, (_, i) => i),
      0.9,
    ),
  ).toBe(8);
  expect(margin([5, 1, 2, 3], 0.5, [1, 1, 7, 1])).toBe(2);
  expect(() => margin([1, 2, 3], 0.9)).toThrow(
    'Expected 9 labeled rows or more for intervals of 0.9 for task "price", received 3. Take more validation rows',
  );
});

describe('thresholds', () => {
  const rows = rowsOf([1, 0, 1, 0, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]);

  test('by F1, by cost and by rate, in the middle between two probabilities', () => {
    expect(chooseThreshold(bestF1(), rows)).toBeCloseTo(0.65, 12); // 2 right of 3, and 3 right of 6: F1 is ⅔, and 3 are fewer
    expect(chooseThreshold(cost({ falsePositive: 1, falseNegative: 0.5 }), rows)).toBeCloseTo(0.85, 12);
    expect(chooseThreshold(cost({ falsePositive: 1, falseNegative: 10 }), rows)).toBeCloseTo(0.35, 12);
    expect(chooseThreshold(cost({ falsePositive: 5, falseNegative: 0.1 }), rowsOf([0, 1], [0.9, 0.1]))).toBeCloseTo(
      0.95,
      12,
    );
    expect(chooseThreshold(rate({ share: 0.5 }), rows)).toBeCloseTo(0.55, 12);
    expect(chooseThreshold(rate({ share: 1 }), rows)).toBeCloseTo(0.1, 12);
    expect(chooseThreshold(rate({ share: 0 }), rows)).toBeCloseTo(0.95, 12);
  });

  test('rows with one probability stay together, and weights count', () => {
    expect(chooseThreshold(rate({ share: 0.3 }), rowsOf([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.1]))).toBeCloseTo(0.75, 12);
    expect(chooseThreshold(rate({ share: 0.5 }), rowsOf([0, 1], [0.2, 0.6], [3, 1]))).toBeCloseTo(0.4, 12);
  });
});

test.each<[Parameters<typeof planCalibration>[1], string]>([
  [{ calibration: 'isotonc' }, 'Did you mean "isotonic"?'],
  [{ calibration: { price: 'platt' } }, 'numbers and counts have intervals'],
  [
    { calibration: { kind: 'platt' } },
    'a calibration for calibration.kind, received "platt". Known: "temperature", "none".',
  ],
  [{ calibration: { clic: 'platt' } }, 'tasks of the model in calibration, received "clic". Did you mean "click"?'],
  [{ intervals: 1 }, 'a number in [0, 1) for intervals, received 1'],
  [{ intervals: { days: 0.9 } }, 'for intervals.days, received the quantiles task. It predicts a range already'],
  [{ intervals: { tags: 0.9 } }, 'Leave this task out'],
  [{ threshold: { price: 'f1' } }, 'a yes/no task for threshold.price, received the regression task'],
  [{ threshold: 'f2' }, 'a known kind of threshold, received "f2". Did you mean "f1"?'],
  [{ threshold: 'cost' }, 'a number of 0 or more for cost.falsePositive, received nothing'],
  [{ thresholds: 'f1' } as object, 'Did you mean "threshold"?'],
])('refuses %j', async (choices, message) => {
  const all = { ...tasks, days: quantiles(), tags: multiLabel({ labels: ['x', 'y'] }) };
  await expect(planCalibration(all as Record<string, Task>, choices)).rejects.toThrow(message);
});
