import { integerBelow } from '@polytask/core';
import type { Metric, MetricSnapshot, MetricState } from '@polytask/metrics';
import { expect, it } from 'vitest';
import { failing } from '../testing/failing.ts';
import { metricCases } from './metric-cases.ts';
import type { MetricCaseOptions, LabeledPrediction } from './labeled-prediction.ts';

const ORDER = 'rows count alike in any order and any updates';
const MERGE = 'merged states give what all rows give at once';
const WEIGHTS = 'a weight is a repetition';
const DEFINITION = 'it is what its definition says';
const RANGE = 'it is in its range';
const MASK = 'masked rows are not looked at';
const NOTHING = 'it is NaN where there is nothing to measure';
const SNAPSHOT = 'its state comes back from JSON and goes on';
const REFUSALS = 'what does not fit is refused, and changes nothing';

/** The promise that the flawed mean absolute error breaks. */
type Flaw =
  | 'order'
  | 'merge'
  | 'changing merge'
  | 'self-merge'
  | 'weights'
  | 'mask'
  | 'empty'
  | 'range'
  | 'reset'
  | 'snapshot'
  | 'foreign snapshot'
  | 'refusals'
  | 'late refusals';

/** The mean absolute error, with one flaw or none. */
function flawedMetric(flaw?: Flaw): Metric {
  const name = 'flawed';
  const stateOf = (sums = { error: 0, weight: 0, rows: 0 }): MetricState => {
    const state: MetricState & { sums: typeof sums } = {
      sums,
      update(labels, predictions, { weights, mask } = {}) {
        const rows = Array.from(labels, (label, i) => ({
          label,
          prediction: predictions[i]!,
          weight: weights?.[i] ?? 1,
          keep: Boolean(mask?.[i] ?? true),
        }));
        const unmasked = rows
          .filter(({ keep }) => keep || flaw === 'mask')
          .map((row) => (Number.isNaN(row.label) && flaw === 'mask' ? { ...row, label: 0, prediction: 1 } : row));
        const check = () => {
          const invalid = unmasked.some(
            ({ label, prediction, weight }) => ![label, prediction].every(Number.isFinite) || !(weight >= 0),
          );
          if (invalid || labels.length !== predictions.length || (weights && weights.length !== labels.length))
            throw new Error('odd rows');
        };
        if (flaw !== 'refusals' && flaw !== 'late refusals') check();
        for (const { label, prediction, weight } of unmasked) {
          const factor = flaw === 'weights' ? Number(weight > 0) : weight;
          const error = Math.abs(label - prediction);
          if (flaw === 'order' && sums.rows > 0 && error > 8) continue;
          sums.error += error * factor;
          sums.weight += factor;
          sums.rows++;
        }
        if (flaw === 'late refusals') check();
        return state;
      },
      merge(other) {
        const otherSums = (other as typeof state).sums;
        const { error, weight, rows } = otherSums;
        sums.error += error;
        if (flaw !== 'merge')
          sums.weight += flaw === 'self-merge' ? otherSums.weight - (otherSums === sums ? 1 : 0) : weight;
        sums.rows += rows;
        if (flaw === 'changing merge' && otherSums !== sums) otherSums.rows++;
        return state;
      },
      compute: () => (flaw === 'empty' && sums.weight === 0 ? 0 : sums.error / sums.weight),
      reset() {
        sums.error = 0;
        if (flaw !== 'reset') sums.weight = 0;
        sums.rows = 0;
        return state;
      },
      toJSON: () => ({
        metric: name,
        task: 'regression',
        config: {},
        sums: [sums.error, flaw === 'snapshot' ? 1 : sums.weight, sums.rows],
      }),
    };
    return state;
  };
  return {
    ...{ name, label: name, also: [], digits: 4, measured: 'named' },
    direction: 'lower',
    range: flaw === 'range' ? [0, 0.01] : [0, Infinity],
    task: 'regression',
    grouped: false,
    config: {},
    create: () => stateOf(),
    restore({ metric, sums }: MetricSnapshot) {
      if (metric !== name && flaw !== 'foreign snapshot') throw new Error('another metric');
      const [error, weight, rows] = sums!;
      return stateOf({ error: error!, weight: weight!, rows: rows! });
    },
  };
}

const meanError = (rows: readonly LabeledPrediction[]) =>
  rows.reduce((sum, { label, prediction: [p] }) => sum + Math.abs(label - p!), 0) / rows.length;

/** The flaw, and each case that finds it with part of what it says. */
const FLAWS: [Flaw | undefined, Record<string, string>, MetricCaseOptions?][] = [
  [undefined, {}, { definition: meanError }],
  ['order', { [ORDER]: 'whatever the order of the rows', [MERGE]: 'cut at', [WEIGHTS]: 'of rows repeated' }],
  ['merge', { [MERGE]: 'and merged, saw Infinity' }],
  ['changing merge', { [MERGE]: 'Expected merge to leave the other state as it is, saw a change' }],
  ['self-merge', { [MERGE]: 'of a state that is merged with itself' }],
  ['weights', { [WEIGHTS]: 'of rows repeated as often as their weights say' }],
  ['mask', { [MASK]: 'without the masked rows', [REFUSALS]: 'Expected an error for a NaN label, saw none' }],
  ['empty', { [NOTHING]: 'Expected NaN without rows, saw 0' }],
  ['range', { [RANGE]: 'Expected a value from 0 to 0.01, saw ' }],
  ['reset', { [NOTHING]: 'after a reset' }],
  ['snapshot', { [SNAPSHOT]: 'when a restored state goes on' }],
  ['foreign snapshot', { [SNAPSHOT]: 'Expected an error for the snapshot of another metric, saw none' }],
  ['refusals', { [REFUSALS]: 'Expected an error for a label too few, saw none' }],
  ['late refusals', { [REFUSALS]: 'Expected a label too few to change nothing, saw a change' }],
  [undefined, { [DEFINITION]: 'by its definition' }, { definition: (rows) => 2 * meanError(rows) }],
  [undefined, { [NOTHING]: 'where all labels are' }, { oneClass: NaN }],
];

it.each(FLAWS)('finds a flaw (%s) where it is and nowhere else', async (flaw, expected, options) => {
  const failures = await failing(metricCases(flawedMetric(flaw), options));
  expect(Object.keys(failures).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, part] of Object.entries(expected)) {
    expect(failures[name]).toContain(`metric flawed: "${name}" doesn't hold. `);
    expect(failures[name]).toContain(part);
  }
});

it('leaves weights of whole groups alone, and takes rows of one kind alone', async () => {
  const examples: number[] = [];
  const example: MetricCaseOptions['example'] = (random) => {
    examples.push(integerBelow(random, 3));
    return { label: examples.at(-1)!, prediction: [1] };
  };
  expect(await failing(metricCases(flawedMetric('weights'), { groupWeights: true, example }))).toEqual({});
  expect(examples.length).toBeGreaterThan(100);
});
