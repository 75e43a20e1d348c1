import { anything, flag, optional, type Option, mean, memoized } from '@polytask/components';
import { integerBelow, permutation, randomStream, predictionTypeOf, type RandomStream } from '@polytask/core';
import { findMetric, isBetter, type Metric, type MetricState } from '@polytask/metrics';
import { check, expectRefused, expectThat } from '../cases/case.ts';
import { tester } from '../tester.ts';
import { fittedTask, knownAt, taskWith, type FittedTask } from '../checks/tasks.ts';

/** A row that a metric reads. */
export interface LabeledPrediction {
  readonly label: number;
  /** One number, or one for each class or label. */
  readonly prediction: readonly number[];
  /** A whole number, 0 to 3. */
  readonly weight: number;
  readonly group: string;
}

/** Draws the label and the prediction of a row. */
export type DrawRow = (random: RandomStream) => Pick<LabeledPrediction, 'label' | 'prediction'>;

/** Grades of rows, and scores by which they are ranked, with ties. No kind of task predicts a rank. */
const RANKED: DrawRow = (random) => ({
  label: integerBelow(random, 5),
  prediction: [integerBelow(random, 11) / 5 - 1],
});

/** A task whose predictions the metric reads; undefined for a metric of ranks. */
const taskOf = memoized(({ task }: Metric): FittedTask | undefined =>
  task === 'ranking'
    ? undefined
    : fittedTask(taskWith(`predictions for ${task}`, (each) => predictionTypeOf(each).measuredAs === task)),
);

/** Made-up labels, and predictions that are the means of those of who knows some labels. Some are equal. */
function drawnFor(metric: Metric): DrawRow {
  const own = taskOf(metric);
  if (!own) return RANKED;
  const { labels, task } = own;
  const one = (random: RandomStream) => labels[integerBelow(random, labels.length)]!;
  return (random) => {
    const known = Array.from({ length: 4 }, () => knownAt(task, one(random)));
    return { label: one(random), prediction: known[0]!.map((_, i) => mean(known.map((each) => each[i]!))) };
  };
}

export function perfectPrediction(metric: Metric, label: number): number[] {
  const own = taskOf(metric);
  return own ? knownAt(own.task, label) : [label];
}

/** The random rows of draw number `draw`. The same number gives the same rows. Odd ones have few labels and predictions, each in many rows. */
export function metricEntries(metric: Metric, draw: number, example: DrawRow = drawnFor(metric)): LabeledPrediction[] {
  const random = randomStream(draw, `rows of ${metric.task}`);
  const drawn = Array.from({ length: 2 + integerBelow(random, 24) }, () => example(random));
  const few = drawn.slice(0, 4);
  const one = (i: number) => few[i % few.length]!;
  return drawn.map((own, i) => ({
    ...(draw % 2 === 0 ? own : { label: one(i >> 1).label, prediction: one(i).prediction }),
    weight: integerBelow(random, 4),
    group: 'abc'[integerBelow(random, 3)]!,
  }));
}

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

const DRAWS = [...Array(25).keys()];

/** Equal up to the rounding of doubles, or both NaN. */
const isClose = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

const expectValue = (value: number, expected: number, what: string): void =>
  expectThat(isClose(value, expected), `${expected} ${what}`, value);

const columnsOf = (rows: Rows) => ({
  labels: Float64Array.from(rows, ({ label }) => label),
  predictions: Float64Array.from(rows.flatMap(({ prediction }) => prediction)),
  options: { weights: rows.map(({ weight }) => weight), groups: rows.map(({ group }) => group) },
});

function feed(state: MetricState, rows: Rows): MetricState {
  const { labels, predictions, options: columns } = columnsOf(rows);
  return state.update(labels, predictions, columns);
}

const repeated = (rows: Rows): Rows =>
  rows.flatMap((row) => Array.from({ length: row.weight }, () => ({ ...row, weight: 1 })));

function refusedRows(rows: Rows, grouped: boolean): Readonly<Record<string, Parameters<MetricState['update']>>> {
  const { labels, predictions, options: all } = columnsOf(rows);
  return {
    'a label too few': [labels.subarray(1), predictions, { ...all, groups: all.groups.slice(1) }],
    'a prediction too few': [labels, predictions.subarray(1), all],
    'a NaN label': [labels.with(1, NaN), predictions, all],
    'a NaN prediction': [labels, predictions.with(1, NaN), all],
    'a negative weight': [labels, predictions, { ...all, weights: rows.map((_, i) => (i === 1 ? -1 : 1)) }],
    'a weight too few': [labels, predictions, { ...all, weights: all.weights.slice(1) }],
    ...(grouped && { 'rows without groups': [labels, predictions, { weights: all.weights }] }),
  };
}

/**
 * Tests a metric, on 25 fixed data sets with ties, weights 0 to 3 and three groups.
 *
 * @example testMetric(auc.metric(), { oneClass: NaN, runner });
 */
export const testMetric = tester(
  { kind: 'metric', options, of: (name) => findMetric(name) },
  (metric: Metric, given) => {
    const { definition, example, oneClass, groupWeights = metric.task === 'ranking' } = given;
    const entries = (draw: number) => metricEntries(metric, draw, example);
    const fed = (rows: Rows) => feed(metric.create(), rows);
    const valueOf = (rows: Rows) => fed(rows).compute();
    /** A check of the rows of each draw. */
    const ofRows = (holds: (rows: Rows, draw: number) => void, fix: string) =>
      check(() => DRAWS.forEach((draw) => holds(entries(draw), draw)), fix);
    return {
      spec: { kind: 'metric', name: metric.name, config: metric.config },
      own: {
        'rows count alike in any order and any updates': ofRows((rows, draw) => {
          const order = [...permutation(randomStream(draw, 'order'), rows.length)].map((i) => rows[i]!);
          const cut = integerBelow(randomStream(draw, 'cut'), rows.length + 1);
          const value = feed(fed(order.slice(0, cut)), order.slice(cut)).compute();
          expectValue(value, valueOf(rows), 'whatever the order of the rows, in one update or in two');
        }, 'Keep sums or all rows, and look at them in compute alone.'),
        'merged states give what all rows give at once': ofRows((rows, draw) => {
          const random = randomStream(draw, 'cuts');
          const cuts = [integerBelow(random, rows.length + 1), integerBelow(random, rows.length + 1)];
          const [i, j] = [Math.min(...cuts), Math.max(...cuts)];
          const parts = [rows.slice(0, i), rows.slice(i, j), rows.slice(j)].map(fed);
          const before = JSON.stringify(parts);
          const merged = (states: readonly MetricState[]) =>
            states.reduce((sum, state) => sum.merge(state), metric.create()).compute();
          const all = valueOf(rows);
          expectValue(merged(parts), all, `of ${rows.length} rows, cut at ${i} and ${j} and merged`);
          expectValue(merged([...parts].reverse()), all, 'whatever the order of merges');
          expectThat(JSON.stringify(parts) === before, 'merge to leave the other state as it is', 'a change');
          const twice = fed(rows);
          const both = valueOf([...rows, ...rows]);
          expectValue(twice.merge(twice).compute(), both, 'of a state that is merged with itself');
        }, 'Add up all that update adds up, read the other state before writing this one, and copy what you take.'),
        // readers of results refuse others
        'it is in its range': ofRows((rows) => {
          const [value, [least, most]] = [valueOf(rows), metric.range];
          expectThat(!(value < least - 1e-9 || value > most + 1e-9), `a value from ${least} to ${most}`, value);
        }, 'Declare the whole range.'),
        'better predictions are better by its direction': ofRows((rows) => {
          const perfect = rows.map((row) => ({ ...row, prediction: perfectPrediction(metric, row.label) }));
          const [best, other] = [valueOf(perfect), valueOf(rows)];
          const holds = Number.isNaN(best) || isClose(best, other) || !isBetter(metric.direction, other, best);
          const what = `a value of perfect predictions that is no worse than ${other}, as ${metric.direction} is better`;
          expectThat(holds, what, best);
        }, 'Say the right `direction`, and compare predictions with labels.'),
        'masked rows are not looked at': ofRows((rows) => {
          const masked = rows.map((row, i) =>
            i % 3 === 1 ? { ...row, label: NaN, prediction: row.prediction.map(() => NaN) } : row,
          );
          const { labels, predictions, options: columns } = columnsOf(masked);
          const mask = masked.map(({ label }) => !Number.isNaN(label));
          const value = metric
            .create()
            .update(labels, predictions, { ...columns, mask })
            .compute();
          expectValue(value, valueOf(rows.filter((_, i) => i % 3 !== 1)), 'without the masked rows');
        }, 'Skip rows whose mask is 0 or false before reading them.'),
        'its state comes back from JSON and goes on': ofRows((rows, draw) => {
          const text = JSON.stringify(fed(rows));
          const restored = metric.restore(JSON.parse(text) as Parameters<Metric['restore']>[0]);
          const again = JSON.stringify(restored);
          expectThat(again === text, `the state ${text} after restoring it`, again);
          const more = entries(draw + DRAWS.length);
          expectValue(feed(restored, more).compute(), valueOf([...rows, ...more]), 'when a restored state goes on');
        }, 'Write all that a state holds in toJSON, and refuse the snapshots of others in restore.'),
        ...(!groupWeights && {
          'a weight is a repetition': ofRows(
            (rows) => expectValue(valueOf(rows), valueOf(repeated(rows)), 'of rows repeated as their weights say'),
            "Multiply each row's part by its weight, in counts too.",
          ),
        }),
        ...(definition && {
          'it is what its definition says': ofRows(
            (rows) => expectValue(valueOf(rows), definition(groupWeights ? rows : repeated(rows)), 'by its definition'),
            'Correct the metric or the definition.',
          ),
        }),
        'it reads predictions': check(() => {
          const differences = DRAWS.map(entries).flatMap((rows) => {
            const turned = rows.map((row, i) => ({ ...row, prediction: rows.at(i - 1)!.prediction }));
            return JSON.stringify(turned) === JSON.stringify(rows) ? [] : [valueOf(rows) - valueOf(turned)];
          });
          const reads = differences.length === 0 || differences.some((each) => each !== 0 && !Number.isNaN(each));
          expectThat(reads, 'other values for other predictions', 'the same');
        }, 'Compare predictions with labels.'),
        'it is NaN where there is nothing to measure': check(() => {
          const rows = entries(1);
          expectValue(metric.create().compute(), NaN, 'without rows');
          expectValue(valueOf([]), NaN, 'after an update of no rows');
          expectValue(valueOf(rows.map((row) => ({ ...row, weight: 0 }))), NaN, 'of rows without weight');
          if (oneClass === undefined) return;
          const { label } = rows[0]!;
          const equal = rows.map((row) => ({ ...row, label, weight: 1 }));
          expectValue(valueOf(equal), oneClass, `where all labels are ${label}`);
        }, 'Return NaN where the metric is not defined, and compare `oneClass`.'),
        'what does not fit is refused, and changes nothing': check(async () => {
          const state = fed(entries(3));
          const before = JSON.stringify(state);
          for (const [what, refused] of Object.entries(refusedRows(entries(3), metric.grouped))) {
            await expectRefused(what, () => state.update(...refused));
            expectThat(JSON.stringify(state) === before, `${what} to change nothing`, 'a change');
          }
          const foreign = { ...metric.create().toJSON(), metric: `not ${metric.name}` };
          await expectRefused('the snapshot of another metric', () => metric.restore(foreign));
        }, 'Check lengths, numbers and names before adding a row, and throw an error that says what was received.'),
      },
    };
  },
);
