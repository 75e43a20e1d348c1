import { anything, flag, optional, type Option } from '@polytask/components';
import { permutation, randomStream, integerBelow } from '@polytask/core';
import { isBetter, type Metric, type MetricState } from '@polytask/metrics';
import { broken } from '../cases/case.ts';
import { tester, type TestOptions } from '../tester.ts';
import {
  columnsOf,
  feed,
  metricEntries,
  perfectPrediction,
  repeated,
  type DrawRow,
  type LabeledPrediction,
} from './labeled-prediction.ts';

const described = {
  /** The definition of the metric in plain code, for rows of weight 1, or of any weight with `groupWeights`. */
  definition: optional(anything as Option<(rows: readonly LabeledPrediction[]) => number>),
  /** Draws the label and the prediction of a row. Default: labels and predictions of the metric's task. */
  example: optional(anything as Option<DrawRow>),
  /** The expected value where all labels are equal, such as NaN for an AUC. */
  oneClass: optional(anything as Option<number>),
  /** Whether weights belong to whole groups, as for NDCG, instead of repeating rows. Default: true for ranking metrics. */
  groupWeights: optional(flag),
};

type MetricOptions = TestOptions<typeof described>;

const DRAWS = 25;

const valueOf = (metric: Metric, rows: readonly LabeledPrediction[]): number => feed(metric.create(), rows).compute();

/** Equal up to the rounding of doubles, or both NaN. */
const isClose = (a: number, b: number): boolean =>
  Number.isNaN(a) || Number.isNaN(b)
    ? Number.isNaN(a) && Number.isNaN(b)
    : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

function expectValue(value: number, expected: number, what: string, fix: string): void {
  if (!isClose(value, expected)) broken({ expected: `${expected} ${what}`, seen: String(value), fix });
}

function forEachDraw(
  metric: Metric,
  options: MetricOptions,
  use: (rows: LabeledPrediction[], draw: number) => void,
): void {
  for (let draw = 0; draw < DRAWS; draw++) use(metricEntries(metric, options, draw), draw);
}

/** The value doesn't depend on the order of the rows, nor on how updates divide them. */
function checkOrder(metric: Metric, options: MetricOptions): void {
  forEachDraw(metric, options, (rows, draw) => {
    const order = [...permutation(randomStream(draw, 'order'), rows.length)].map((i) => rows[i]!);
    const cut = integerBelow(randomStream(draw, 'cut'), rows.length + 1);
    const parts = feed(feed(metric.create(), order.slice(0, cut)), order.slice(cut));
    expectValue(
      parts.compute(),
      valueOf(metric, rows),
      'whatever the order of the rows, in one update or in two',
      'Keep sums or all rows, and look at them in compute alone.',
    );
  });
}

/** The value is in the metric's range, up to the rounding of doubles. Readers of results refuse others. */
function checkRange(metric: Metric, options: MetricOptions): void {
  const [least, most] = metric.range;
  forEachDraw(metric, options, (rows) => {
    const value = valueOf(metric, rows);
    if (value < least - 1e-9 || value > most + 1e-9) {
      broken({ expected: `a value from ${least} to ${most}`, seen: String(value), fix: 'Declare the whole range.' });
    }
  });
}

/** Merged states have the value of one state of all rows, whatever the order of merges. The other state doesn't change. */
function checkMerge(metric: Metric, options: MetricOptions): void {
  forEachDraw(metric, options, (rows, draw) => {
    const random = randomStream(draw, 'cuts');
    const cuts = [integerBelow(random, rows.length + 1), integerBelow(random, rows.length + 1)];
    const [i, j] = [Math.min(...cuts), Math.max(...cuts)];
    const parts = [rows.slice(0, i), rows.slice(i, j), rows.slice(j)].map((part) => feed(metric.create(), part));
    const before = parts.map((part) => JSON.stringify(part));
    const merged = (states: readonly MetricState[]) =>
      states.reduce((sum, state) => sum.merge(state), metric.create()).compute();
    const all = valueOf(metric, rows);
    const fix = 'Add up all that update adds up.';
    expectValue(merged(parts), all, `of ${rows.length} rows, cut at ${i} and ${j} and merged`, fix);
    expectValue(merged([...parts].reverse()), all, 'whatever the order of merges', fix);
    parts.forEach((part, p) => {
      if (JSON.stringify(part) !== before[p])
        broken({
          expected: 'merge to leave the other state as it is',
          seen: 'a change',
          fix: 'Copy what is taken from it.',
        });
    });
    const twice = feed(metric.create(), rows);
    expectValue(
      twice.merge(twice).compute(),
      valueOf(metric, [...rows, ...rows]),
      'of a state that is merged with itself',
      'Read the other state before writing this one.',
    );
  });
}

/** A row of weight 2 counts as two rows, and a row of weight 0 as none. */
function checkWeights(metric: Metric, options: MetricOptions): void {
  forEachDraw(metric, options, (rows) => {
    expectValue(
      valueOf(metric, rows),
      valueOf(metric, repeated(rows)),
      'of rows repeated as often as their weights say',
      "Multiply each row's part by its weight, in counts too.",
    );
  });
}

/** The value is that of the definition. */
function checkDefinition(
  metric: Metric,
  options: MetricOptions,
  definition: (rows: readonly LabeledPrediction[]) => number,
  groupWeights: boolean,
): void {
  forEachDraw(metric, options, (rows) => {
    expectValue(
      valueOf(metric, rows),
      definition(groupWeights ? rows : repeated(rows)),
      'by its definition',
      'Mend the metric or the definition.',
    );
  });
}

/** Masked rows don't count, even where they hold NaN. */
function checkMask(metric: Metric, options: MetricOptions): void {
  forEachDraw(metric, options, (rows) => {
    const rowsWithNaN = rows.map((row, i): LabeledPrediction =>
      i % 3 === 1 ? { ...row, label: NaN, prediction: row.prediction.map(() => NaN) } : row,
    );
    const { labels, predictions, options: columns } = columnsOf(rowsWithNaN, ({ label }) => !Number.isNaN(label));
    expectValue(
      metric.create().update(labels, predictions, columns).compute(),
      valueOf(
        metric,
        rows.filter((_, i) => i % 3 !== 1),
      ),
      'without the masked rows',
      'Skip rows whose mask is 0 or false before reading them.',
    );
  });
}

/** The value is NaN without rows, without weight and after a reset, and `oneClass` where all labels are equal. */
function checkUndefined(metric: Metric, options: MetricOptions): void {
  const rows = metricEntries(metric, options, 1);
  const fix = 'Return NaN where the metric is not defined, and forget everything in reset.';
  expectValue(metric.create().compute(), NaN, 'without rows', fix);
  expectValue(valueOf(metric, []), NaN, 'after an update of no rows', fix);
  expectValue(
    valueOf(
      metric,
      rows.map((row) => ({ ...row, weight: 0 })),
    ),
    NaN,
    'of rows without weight',
    fix,
  );
  const used = feed(metric.create(), metricEntries(metric, options, 2)).reset();
  expectValue(used.compute(), NaN, 'after a reset', fix);
  expectValue(feed(used, rows).compute(), valueOf(metric, rows), 'of the rows after a reset', fix);
  if (options.oneClass === undefined) return;
  const equal = rows.map((row) => ({ ...row, label: rows[0]!.label, weight: 1 }));
  expectValue(
    valueOf(metric, equal),
    options.oneClass,
    `where all labels are ${rows[0]!.label}`,
    'Mend the metric, or what { oneClass } says of it.',
  );
}

/** Perfect predictions are no worse than others by the metric's direction, and other predictions have other values. */
function checkDirection(metric: Metric, options: MetricOptions): void {
  const values = new Set<number>();
  forEachDraw(metric, options, (rows) => {
    const perfect = rows.map((row) => ({ ...row, prediction: perfectPrediction(metric, row.label) ?? row.prediction }));
    const [best, other] = [valueOf(metric, perfect), valueOf(metric, rows)];
    const turned = rows.map((row, i) => ({ ...row, prediction: rows.at(i - 1)!.prediction }));
    if (JSON.stringify(turned) !== JSON.stringify(rows)) values.add(other - valueOf(metric, turned));
    if (Number.isNaN(best) || isClose(best, other) || !isBetter(metric.direction, other, best)) return;
    broken({
      expected: `a value of perfect predictions that is no worse than ${other}, as ${metric.direction} is better`,
      seen: String(best),
      fix: 'Say the right `direction`.',
    });
  });
  if (values.size === 0 || [...values].some((difference) => difference !== 0 && !Number.isNaN(difference))) return;
  broken({
    expected: 'other values for other predictions',
    seen: 'the same',
    fix: 'Compare predictions with labels.',
  });
}

/** A state restored from JSON continues as before. The snapshot of another metric is an error. */
function checkSnapshot(metric: Metric, options: MetricOptions): void {
  forEachDraw(metric, options, (rows, draw) => {
    const text = JSON.stringify(feed(metric.create(), rows));
    const restored = metric.restore(JSON.parse(text) as Parameters<Metric['restore']>[0]);
    if (JSON.stringify(restored) !== text)
      broken({
        expected: `the state ${text} after restoring it`,
        seen: JSON.stringify(restored),
        fix: 'Write all that a state holds in toJSON.',
      });
    const more = metricEntries(metric, options, draw + DRAWS);
    expectValue(
      feed(restored, more).compute(),
      valueOf(metric, [...rows, ...more]),
      'when a restored state goes on',
      'Write all that a state holds in toJSON.',
    );
  });
  const foreign = { ...metric.create().toJSON(), metric: `not ${metric.name}` };
  expectRefused(() => metric.restore(foreign), 'the snapshot of another metric');
}

/** Invalid rows throw an error and don't change the state. */
function checkRefusals(metric: Metric, options: MetricOptions): void {
  const rows = metricEntries(metric, options, 3);
  const state = feed(metric.create(), rows);
  const before = JSON.stringify(state);
  const { labels, predictions, options: columns } = columnsOf(rows);
  const withEntry = (values: Float64Array, value: number) => values.with(1, value);
  const refusals: Record<string, () => unknown> = {
    'a label too few': () =>
      state.update(labels.subarray(1), predictions, { ...columns, groups: columns.groups.slice(1) }),
    'a prediction too few': () => state.update(labels, predictions.subarray(1), columns),
    'a NaN label': () => state.update(withEntry(labels, NaN), predictions, columns),
    'a NaN prediction': () => state.update(labels, withEntry(predictions, NaN), columns),
    'a negative weight': () =>
      state.update(labels, predictions, { ...columns, weights: rows.map((_, i) => (i === 1 ? -1 : 1)) }),
    'a weight too few': () => state.update(labels, predictions, { ...columns, weights: columns.weights.slice(1) }),
    ...(metric.grouped && {
      'rows without groups': () => state.update(labels, predictions, { weights: columns.weights }),
    }),
  };
  for (const [what, call] of Object.entries(refusals)) {
    expectRefused(call, what);
    if (JSON.stringify(state) !== before)
      broken({
        expected: `${what} to change nothing`,
        seen: 'a change',
        fix: 'Check all rows before adding the first.',
      });
  }
}

function expectRefused(call: () => unknown, what: string): void {
  try {
    call();
  } catch {
    return;
  }
  broken({
    expected: `an error for ${what}`,
    seen: 'none',
    fix: 'Check lengths, numbers and names, and throw an error that says what was received.',
  });
}

/**
 * Tests a metric: the promises of its kind, on 25 fixed data sets with ties, weights 0 to 3 and three groups.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testMetric(auc.metric(), { oneClass: NaN, runner });
 */
export const testMetric = tester('metric', described, (metric: Metric, options) => {
  const { definition, groupWeights = metric.task === 'ranking' } = options;
  return {
    spec: { kind: 'metric', name: metric.name, config: metric.config },
    own: {
      'rows count alike in any order and any updates': () => checkOrder(metric, options),
      'merged states give what all rows give at once': () => checkMerge(metric, options),
      ...(!groupWeights && { 'a weight is a repetition': () => checkWeights(metric, options) }),
      ...(definition && {
        'it is what its definition says': () => checkDefinition(metric, options, definition, groupWeights),
      }),
      'it is in its range': () => checkRange(metric, options),
      'better predictions are better by its direction': () => checkDirection(metric, options),
      'masked rows are not looked at': () => checkMask(metric, options),
      'it is NaN where there is nothing to measure': () => checkUndefined(metric, options),
      'its state comes back from JSON and goes on': () => checkSnapshot(metric, options),
      'what does not fit is refused, and changes nothing': () => checkRefusals(metric, options),
    },
  };
});
