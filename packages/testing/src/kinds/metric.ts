import { anything, flag, mapValues, optional, type Option } from '@polytask/components';
import { integerBelow, permutation, randomStream } from '@polytask/core';
import { isBetter, type Metric, type MetricState } from '@polytask/metrics';
import { expectRefused, expectThat, type Check } from '../cases/case.ts';
import { tester } from '../tester.ts';
import {
  columnsOf,
  feed,
  metricEntries,
  perfectPrediction,
  repeated,
  type DrawRow,
  type LabeledPrediction,
} from './labeled-prediction.ts';

type Rows = readonly LabeledPrediction[];

const options = {
  /** The definition of the metric in plain code, for rows of weight 1, or of any weight with `groupWeights`. */
  definition: optional(anything as Option<(rows: readonly LabeledPrediction[]) => number>),
  /** Draws the label and the prediction of a row. Default: labels and predictions of the metric's task. */
  example: optional(anything as Option<DrawRow>),
  /** The expected value where all labels are equal, such as NaN for an AUC. */
  oneClass: optional(anything as Option<number>),
  /** Whether weights belong to whole groups, as for NDCG, instead of repeating rows. Default: true for ranking metrics. */
  groupWeights: optional(flag),
};

const DRAWS = 25;

const valueOf = (metric: Metric, rows: Rows): number => feed(metric.create(), rows).compute();

/** Equal up to the rounding of doubles, or both NaN. */
const isClose = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

const expectValue = (value: number, expected: number, what: string): void =>
  expectThat(isClose(value, expected), `${expected} ${what}`, value);

const parse = (text: string) => JSON.parse(text) as Parameters<Metric['restore']>[0];

/** A promise for any rows: the fix, and what holds of the rows of a draw. */
type OfRows = readonly [fix: string, holds: (rows: Rows, draw: number, metric: Metric, more: Rows) => void];

/** What each metric promises of any rows. */
const OF_ROWS: Readonly<Record<string, OfRows>> = {
  'rows count alike in any order and any updates': [
    'Keep sums or all rows, and look at them in compute alone.',
    (rows, draw, metric) => {
      const order = [...permutation(randomStream(draw, 'order'), rows.length)].map((i) => rows[i]!);
      const cut = integerBelow(randomStream(draw, 'cut'), rows.length + 1);
      const parts = feed(feed(metric.create(), order.slice(0, cut)), order.slice(cut));
      expectValue(parts.compute(), valueOf(metric, rows), 'whatever the order of the rows, in one update or in two');
    },
  ],
  'merged states give what all rows give at once': [
    'Add up all that update adds up, read the other state before writing this one, and copy what is taken from it.',
    (rows, draw, metric) => {
      const random = randomStream(draw, 'cuts');
      const cuts = [integerBelow(random, rows.length + 1), integerBelow(random, rows.length + 1)];
      const [i, j] = [Math.min(...cuts), Math.max(...cuts)];
      const parts = [rows.slice(0, i), rows.slice(i, j), rows.slice(j)].map((part) => feed(metric.create(), part));
      const before = JSON.stringify(parts);
      const merged = (states: readonly MetricState[]) =>
        states.reduce((sum, state) => sum.merge(state), metric.create()).compute();
      const all = valueOf(metric, rows);
      expectValue(merged(parts), all, `of ${rows.length} rows, cut at ${i} and ${j} and merged`);
      expectValue(merged([...parts].reverse()), all, 'whatever the order of merges');
      expectThat(JSON.stringify(parts) === before, 'merge to leave the other state as it is', 'a change');
      const twice = feed(metric.create(), rows);
      const both = valueOf(metric, [...rows, ...rows]);
      expectValue(twice.merge(twice).compute(), both, 'of a state that is merged with itself');
    },
  ],
  'it is in its range': [
    'Declare the whole range.', // readers of results refuse others
    (rows, _, metric) => {
      const [value, [least, most]] = [valueOf(metric, rows), metric.range];
      expectThat(!(value < least - 1e-9 || value > most + 1e-9), `a value from ${least} to ${most}`, value);
    },
  ],
  'better predictions are better by its direction': [
    'Say the right `direction`, and compare predictions with labels.',
    (rows, _, metric) => {
      const perfect = rows.map((row) => ({
        ...row,
        prediction: perfectPrediction(metric, row.label) ?? row.prediction,
      }));
      const [best, other] = [valueOf(metric, perfect), valueOf(metric, rows)];
      const holds = Number.isNaN(best) || isClose(best, other) || !isBetter(metric.direction, other, best);
      const what = `a value of perfect predictions that is no worse than ${other}, as ${metric.direction} is better`;
      expectThat(holds, what, best);
    },
  ],
  'masked rows are not looked at': [
    'Skip rows whose mask is 0 or false before reading them.',
    (rows, _, metric) => {
      const masked = rows.map((row, i) =>
        i % 3 === 1 ? { ...row, label: NaN, prediction: row.prediction.map(() => NaN) } : row,
      );
      const { labels, predictions, options: columns } = columnsOf(masked, ({ label }) => !Number.isNaN(label));
      const left = rows.filter((_, i) => i % 3 !== 1);
      const value = metric.create().update(labels, predictions, columns).compute();
      expectValue(value, valueOf(metric, left), 'without the masked rows');
    },
  ],
  'its state comes back from JSON and goes on': [
    'Write all that a state holds in toJSON, and refuse the snapshots of others in restore.',
    (rows, _, metric, more) => {
      const text = JSON.stringify(feed(metric.create(), rows));
      const restored = metric.restore(parse(text));
      const again = JSON.stringify(restored);
      expectThat(again === text, `the state ${text} after restoring it`, again);
      expectValue(feed(restored, more).compute(), valueOf(metric, [...rows, ...more]), 'when a restored state goes on');
    },
  ],
};

/** The value is NaN without rows, without weight and after a reset, and `oneClass` where all labels are equal. */
function checkUndefined(metric: Metric, rows: Rows, others: Rows, oneClass?: number): void {
  const without = rows.map((row) => ({ ...row, weight: 0 }));
  expectValue(metric.create().compute(), NaN, 'without rows');
  expectValue(valueOf(metric, []), NaN, 'after an update of no rows');
  expectValue(valueOf(metric, without), NaN, 'of rows without weight');
  const used = feed(metric.create(), others).reset();
  expectValue(used.compute(), NaN, 'after a reset');
  expectValue(feed(used, rows).compute(), valueOf(metric, rows), 'of the rows after a reset');
  if (oneClass === undefined) return;
  const { label } = rows[0]!;
  const equal = rows.map((row) => ({ ...row, label, weight: 1 }));
  expectValue(valueOf(metric, equal), oneClass, `where all labels are ${label}`);
}

/** Other predictions have other values in some draw. */
function checkRead(metric: Metric, draws: readonly Rows[]): void {
  const differences = draws.flatMap((rows) => {
    const turned = rows.map((row, i) => ({ ...row, prediction: rows.at(i - 1)!.prediction }));
    return JSON.stringify(turned) === JSON.stringify(rows) ? [] : [valueOf(metric, rows) - valueOf(metric, turned)];
  });
  const reads = differences.length === 0 || differences.some((each) => each !== 0 && !Number.isNaN(each));
  expectThat(reads, 'other values for other predictions', 'the same');
}

/** Invalid rows throw an error and don't change the state. */
async function checkRefusals(metric: Metric, rows: Rows): Promise<void> {
  const state = feed(metric.create(), rows);
  const before = JSON.stringify(state);
  const { labels, predictions, options: all } = columnsOf(rows);
  const refusals: Record<string, Parameters<MetricState['update']>> = {
    'a label too few': [labels.subarray(1), predictions, { ...all, groups: all.groups.slice(1) }],
    'a prediction too few': [labels, predictions.subarray(1), all],
    'a NaN label': [labels.with(1, NaN), predictions, all],
    'a NaN prediction': [labels, predictions.with(1, NaN), all],
    'a negative weight': [labels, predictions, { ...all, weights: rows.map((_, i) => (i === 1 ? -1 : 1)) }],
    'a weight too few': [labels, predictions, { ...all, weights: all.weights.slice(1) }],
  };
  if (metric.grouped) refusals['rows without groups'] = [labels, predictions, { weights: all.weights }];
  for (const [what, given] of Object.entries(refusals)) {
    await expectRefused(what, () => state.update(...given));
    expectThat(JSON.stringify(state) === before, `${what} to change nothing`, 'a change');
  }
  const foreign = { ...metric.create().toJSON(), metric: `not ${metric.name}` };
  await expectRefused('the snapshot of another metric', () => metric.restore(foreign));
}

/**
 * Tests a metric, on 25 fixed data sets with ties, weights 0 to 3 and three groups.
 *
 * @example testMetric(auc.metric(), { oneClass: NaN, runner });
 */
export const testMetric = tester('metric', options, (metric: Metric, { definition, example, oneClass, ...given }) => {
  const { groupWeights = metric.task === 'ranking' } = given;
  const entries = (draw: number) => metricEntries(metric, { example }, draw);
  const draws = Array.from({ length: DRAWS }, (_, draw) => draw);
  const own: Record<string, OfRows> = { ...OF_ROWS };
  if (!groupWeights)
    own['a weight is a repetition'] = [
      "Multiply each row's part by its weight, in counts too.",
      (rows) =>
        expectValue(valueOf(metric, rows), valueOf(metric, repeated(rows)), 'of rows repeated as their weights say'),
    ];
  if (definition)
    own['it is what its definition says'] = [
      'Correct the metric or the definition.',
      (rows) =>
        expectValue(valueOf(metric, rows), definition(groupWeights ? rows : repeated(rows)), 'by its definition'),
    ];
  const inDraws = mapValues(own, ([fix, holds]): Check => {
    return [fix, () => draws.forEach((draw) => holds(entries(draw), draw, metric, entries(draw + DRAWS)))];
  });
  return {
    spec: { kind: 'metric', name: metric.name, config: metric.config },
    own: {
      ...inDraws,
      'it reads predictions': ['Compare predictions with labels.', () => checkRead(metric, draws.map(entries))],
      'it is NaN where there is nothing to measure': [
        'Return NaN where the metric is not defined, forget everything in reset, and compare `oneClass`.',
        () => checkUndefined(metric, entries(1), entries(2), oneClass),
      ],
      'what does not fit is refused, and changes nothing': [
        'Check lengths, numbers and names before adding the first row, and throw an error that says what was received.',
        () => checkRefusals(metric, entries(3)),
      ],
    },
  };
});
