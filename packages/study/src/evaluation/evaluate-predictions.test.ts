import { binary, multiclass, regression, type Task } from '@polytask/core';
import { multiLabel, ordinal, quantiles } from '@polytask/core/tasks';
import { bestF1, cost } from '@polytask/training';
import { expect, test } from 'vitest';
import {
  evaluatePredictions,
  evaluateSegments,
  type EvaluatePredictionsOptions,
  metricsToEvaluate,
} from './evaluate-predictions.ts';

const SOURCE = { model: 'people-model', file: 'march.csv' };

/** The evaluation of a task. */
const evaluated = (...given: Parameters<typeof evaluation>) => evaluation(...given).tasks[0]!;

/** @param predictions row by row */
function evaluation(
  task: Task,
  labels: readonly number[],
  predictions: readonly (readonly number[])[],
  { weights = labels.map(() => 1), ...options }: Partial<EvaluatePredictionsOptions> & { weights?: number[] } = {},
) {
  const rows = evaluationRows(labels, predictions, weights);
  const where = (row: number) => `row ${row}`;
  return evaluatePredictions(
    { a: task },
    { a: rows },
    { metrics: { a: [] }, worst: 1, where, model: { rows: SOURCE }, ...options },
  );
}

const evaluationRows = (
  labels: readonly number[],
  predictions: readonly (readonly number[])[],
  weights = labels.map(() => 1),
) => ({
  rows: Uint32Array.from(labels.keys()),
  labels: Float64Array.from(labels),
  predictions: Float64Array.from(predictions.flat()),
  weights: Float64Array.from(weights),
});

test('decisions count rows by their weights, at the threshold of the model, of the caller, or of a rule', () => {
  const rows = [[0.9], [0.6], [0.3], [0.1]];
  const { confusion, thresholds } = evaluated(binary(), [1, 0, 1, 0], rows, { weights: [2, 1, 3, 1] });
  expect(confusion).toEqual({
    classes: ['no', 'yes'],
    counts: [
      [1, 1],
      [3, 2],
    ],
  });
  const decided = (of: typeof thresholds) => of!.filter(({ rule }) => rule !== undefined);
  expect(decided(thresholds)).toMatchObject([
    { at: 0.5, rule: 'the default', rate: 3 / 7, precision: 2 / 3, recall: 0.4 },
  ]);
  expect(decided(evaluated(binary(), [1, 0, 1, 0], rows, { threshold: 0.2 }).thresholds)).toMatchObject([
    { at: 0.2, rule: 'given', recall: 1, f1: 0.8 },
  ]);
  const own = { ...binary(), calibrated: { threshold: { at: 0.7, rule: bestF1() } } };
  expect(decided(evaluated(own, [1, 0, 1, 0], rows).thresholds)).toMatchObject([{ at: 0.7, rule: "the model's" }]);
  expect(decided(evaluated(own, [1, 0, 1, 0], rows, { threshold: bestF1() }).thresholds)).toMatchObject([
    { at: expect.closeTo(0.2), rule: 'f1, on these rows', f1: 0.8 },
  ]);
});

test('a threshold by cost shows what each threshold costs per row', () => {
  const rows = [[0.9], [0.6], [0.3], [0.1]];
  const threshold = cost({ falsePositive: 1, falseNegative: 5 });
  const { thresholds } = evaluated(binary(), [1, 0, 1, 0], rows, { weights: [2, 1, 3, 1], threshold });
  const costAt = (at: number) => thresholds!.find((row) => row.at === at)!.cost;
  expect([0.05, 0.5, 0.8].map(costAt)).toEqual([2 / 7, (1 + 15) / 7, 15 / 7]);
  expect(thresholds!.find(({ rule }) => rule !== undefined)).toMatchObject({ at: expect.closeTo(0.2), cost: 1 / 7 });
});

test('metrics are in the order of their names, those of decisions at the threshold, those of an order for ordered classes', () => {
  const predicted = evaluationRows([1, 0], [[0.9], [0.2]]);
  const tasks = { a: binary(), b: ordinal({ classes: ['low', 'high'] }), c: multiclass({ classes: ['x', 'y'] }) };
  const names = ['macro-f1', 'f1', 'auc', 'kappa', 'lift@10%', 'accuracy', 'recall@0.4', 'log-loss'];
  const of = (threshold?: number) => metricsToEvaluate(tasks, { a: predicted }, names, threshold);
  expect(of(0.3)).toEqual({
    a: ['f1@0.3', 'auc', 'lift@10%', 'accuracy@0.3', 'recall@0.4', 'logLoss'],
    b: ['macroF1', 'quadraticKappa', 'accuracy', 'logLoss'],
    c: ['macroF1', 'kappa', 'accuracy', 'logLoss'],
  });
  expect(of()['a']).toEqual(['f1', 'auc', 'lift@10%', 'accuracy', 'recall@0.4', 'logLoss']);
  expect(() => metricsToEvaluate(tasks, { a: predicted }, ['top-k'], undefined)).toThrow('"top@2"');
});

test('the worst row says which of several numbers is furthest from the label', () => {
  const worst = (...given: Parameters<typeof evaluated>) => evaluated(...given).worst[0];
  const labels = multiLabel({ labels: ['red', 'blue'] });
  expect(worst(labels, [0b01, 0b10], [[0.9, 0.1], [0.2, 0.3]])).toEqual({ row: 'row 1', name: 'blue', label: 1, prediction: 0.3 }); // prettier-ignore
  expect(worst(quantiles({ levels: [0.1, 0.9] }), [5, 7], [[4, 6], [6, 12]])).toEqual({ row: 'row 1', name: '0.9', label: 7, prediction: 12 }); // prettier-ignore
  const kinds = multiclass({ classes: ['x', 'y', 'z'] });
  expect(worst(kinds, [2, 0], [[0.7, 0.2, 0.1], [0.5, 0.3, 0.2]])).toEqual({ row: 'row 0', name: 'x', label: 'z', prediction: 0.7 }); // prettier-ignore
  expect(worst(binary(), [1, 0], [[0.2], [0.1]])).toEqual({ row: 'row 0', label: 'yes', prediction: 0.2 });
  expect(worst(regression(), [40, 0], [[39], [-3]])).toEqual({ row: 'row 1', label: 0, prediction: -3 });
});

test('residuals are in the unit of the label, and totals by weight', () => {
  const { residuals } = evaluated(regression(), [10, 20], [[8], [26]], { weights: [3, 1] });
  expect(residuals).toMatchObject({ mean: 0, predictedTotal: 50, total: 50 });
});

test('a segment is compared with all other rows, and small differences are none', () => {
  const labels = Float64Array.from({ length: 400 }, (_, i) => i % 2);
  const isBad = (i: number) => i % 4 > 1;
  const predictions = labels.map((label, i) => (isBad(i) ? ((i * 7) % 11) / 11 : 0.8 * label + ((i * 7) % 11) / 55));
  const rows = { rows: Uint32Array.from(labels.keys()), labels, predictions, weights: labels.map(() => 1) };
  const of = (values: readonly string[]) =>
    evaluateSegments({ a: binary() }, { a: rows }, { a: ['auc'] }, values).map(({ segment, verdict }) => [
      segment,
      verdict,
    ]);
  expect(of(Array.from(labels, (_, i) => (isBad(i) ? 'bad' : 'good'))).sort()).toEqual([
    ['bad', 'worse'],
    ['good', 'better'],
  ]);
  expect(of(Array.from(labels, (_, i) => (i < 200 ? 'early' : 'late'))).map(([, verdict]) => verdict)).toEqual([
    'no difference',
    'no difference',
  ]);
  const alone = of(Array.from(labels, (label, i) => (label === 1 && i > 390 ? 'ones' : 'others')));
  expect(alone.sort()).toEqual([
    ['ones', 'untested'],
    ['others', 'untested'],
  ]);
});

test('compares segments by the t test of Welch, if their errors differ', () => {
  const of = (...errors: readonly (readonly number[])[]) => {
    const all = errors.flat();
    const rows = evaluationRows(all.map(() => 0), all.map((error) => [error])); // prettier-ignore
    const values = errors.flatMap((own, segment) => own.map(() => `${segment}`));
    return evaluateSegments({ a: regression() }, { a: rows }, { a: ['mae'] }, values).map(({ verdict }) => verdict);
  };
  // scipy.stats.ttest_ind(equal_var=False): p = .056 and .021, doubled by Holm's correction for two segments
  expect(of([1, 2, 4], [4, 6, 7])).toEqual(['no difference', 'no difference']);
  expect(of([1, 2, 3], [4, 5, 6])).toEqual(['better', 'worse']);
  // three equal errors have the variance of the others: scipy.stats.ttest_ind([1 + d, 1, 1 − d], …) with d = 1 and 2, p = .008 and .14
  expect(of([1, 1, 1], [4, 5, 6])).toEqual(['better', 'worse']);
  expect(of([2, 2, 2], [3, 5, 7])).toEqual(['no difference', 'no difference']);
  expect(of([1, 1], [4, 4])).toEqual(['untested', 'untested']);
});

test('says what is bad about predictions, and nothing of good ones', () => {
  const size = 400;
  const share = (i: number) => ((i * 137) % size) / size;
  const labels = Array.from({ length: size }, (_, i) => Number(((i * 53) % 101) / 101 < share(i)));
  const found = (of: (p: number) => number, weights?: number[]) =>
    evaluation(binary(), labels, labels.map((_, i) => [of(share(i))]), weights && { weights }).findings; // prettier-ignore
  expect(found((p) => p)).toEqual([]);
  const [low, ...others] = found((p) => 0.8 * p);
  expect(others).toEqual([]);
  const [mean, actual] = [0.8 * 0.49875, labels.reduce((a, b) => a + b) / size];
  const errors = labels.map((label, i) => 0.8 * share(i) - label - (mean - actual));
  const standardError = Math.sqrt(errors.reduce((a, b) => a + b * b, 0)) / size;
  expect(low).toMatchObject({ kind: 'biased-probability', about: { task: 'a' } });
  expect(low!.evidence).toEqual({
    ...SOURCE,
    ...{ predicted: expect.closeTo(mean, 9) as number, actual: expect.closeTo(actual, 9) as number },
    ...{ standardError: expect.closeTo(standardError, 9) as number, calibration: 'platt' },
  });
  expect(low!.message).toMatch(
    /^Task a: probabilities are too low\. .* `polytask calibrate people-model march\.csv --calibration platt`\.$/,
  );
  expect(low!.remedy).toEqual({ command: 'polytask calibrate people-model march.csv --calibration platt' });
  expect(found((p) => 0.8 * p, labels.map((label) => 1 + label)).map(({ kind }) => kind)).toEqual(['biased-probability']); // prettier-ignore
  expect(found(() => 0.5).map(({ kind }) => kind)).toContain('constant-output');
  expect(found((p) => 1 - p).map(({ kind }) => kind)).toContain('auc-at-half');
});

test('intervals that hold significantly fewer labels than they promise are a finding, by the exact binomial test', () => {
  const task = {
    ...regression(),
    fitted: { mean: 0, deviation: 1 },
    calibrated: { interval: { level: 0.9, margin: 1 } },
  };
  /** @param inside how many of 40 labels are within ± 1 of the prediction */
  const found = (inside: number, weights?: number[]) => {
    const labels = Array.from({ length: 40 }, (_, i) => i + (i < inside ? 0.5 : 1.5) * (i % 2 ? 1 : -1));
    const predictions = labels.map((_, i) => [i]);
    const { findings } = evaluation(task, labels, predictions, weights && { weights });
    return findings.filter(({ kind }) => kind === 'low-coverage');
  };
  expect(found(40)).toEqual([]);
  expect(found(30)).toEqual([]); // P(at most 30 of 40) is .0051
  const [low] = found(28);
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
  const tail = Array.from({ length: 29 }, (_, k) => choose(40, k) * 0.9 ** k * 0.1 ** (40 - k)).reduce((a, b) => a + b);
  expect(tail).toBeLessThan(0.001);
  expect(low!.evidence).toMatchObject({ ...{ level: 0.9, coverage: 0.7, ...SOURCE }, pValue: expect.closeTo(tail, 9) });
  expect(low).toMatchObject({
    remedy: { command: 'polytask calibrate people-model march.csv --intervals a=0.9' },
    message: expect.stringMatching(/^Task a: 70\.0% of .* than the promised 90\.0%\. Calibrate/) as string,
  });
  const [equal] = found(28, Array(40).fill(2));
  expect(equal!.evidence['pValue']).toBeCloseTo(tail, 9);
  const heavy = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 1 : 1e-9)); // as 10 rows
  expect(found(28, heavy)).toEqual([]);
});
