import { integerBelow } from '@polytask/core';
import type { OptionsFor } from '../tester.ts';
import { expect, it } from 'vitest';
import { failing } from '../testing/failing.ts';
import { flawedMetric, type Flaw } from '../fixtures/flawed-metric.ts';
import { testMetric, type LabeledPrediction } from './metric.ts';

type Options = OptionsFor<typeof testMetric>;

const ORDER = 'rows count alike in any order and any updates';
const MERGE = 'merged states give what all rows give at once';
const WEIGHTS = 'a weight is a repetition';
const DEFINITION = 'it is what its definition says';
const RANGE = 'it is in its range';
const MASK = 'masked rows are not looked at';
const NOTHING = 'it is NaN where there is nothing to measure';
const SNAPSHOT = 'its state comes back from JSON and goes on';
const REFUSALS = 'what does not fit is refused, and changes nothing';

const meanError = (rows: readonly LabeledPrediction[]) =>
  rows.reduce((sum, { label, prediction: [p] }) => sum + Math.abs(label - p!), 0) / rows.length;

/** The flaw, and each case that finds it with part of what it says. */
const FLAWS: [Flaw | undefined, Record<string, string>, Options?][] = [
  [undefined, {}, { definition: meanError }],
  ['order', { [ORDER]: 'whatever the order of the rows', [MERGE]: 'cut at', [WEIGHTS]: 'of rows repeated' }],
  ['merge', { [MERGE]: 'and merged, saw Infinity' }],
  ['changing merge', { [MERGE]: 'Expected merge to leave the other state as it is, saw a change' }],
  ['self-merge', { [MERGE]: 'of a state that is merged with itself' }],
  ['weights', { [WEIGHTS]: 'of rows repeated as their weights say' }],
  ['mask', { [MASK]: 'without the masked rows', [REFUSALS]: 'Expected an error for a NaN label, saw none' }],
  ['empty', { [NOTHING]: 'Expected NaN without rows, saw 0' }],
  ['range', { [RANGE]: 'Expected a value from 0 to 0.01, saw ' }],
  ['snapshot', { [SNAPSHOT]: 'when a restored state goes on' }],
  ['foreign snapshot', { [REFUSALS]: 'Expected an error for the snapshot of another metric, saw none' }],
  ['refusals', { [REFUSALS]: 'Expected an error for a label too few, saw none' }],
  ['late refusals', { [REFUSALS]: 'Expected a label too few to change nothing, saw a change' }],
  [undefined, { [DEFINITION]: 'by its definition' }, { definition: (rows) => 2 * meanError(rows) }],
  [undefined, { [NOTHING]: 'where all labels are' }, { oneClass: NaN }],
];

it.each(FLAWS)('finds a flaw (%s) where it is', async (flaw, expected, options) => {
  const failures = await failing(testMetric.cases(flawedMetric(flaw), options), Object.keys(expected));
  expect(Object.keys(failures).sort()).toEqual([...Object.keys(expected)].sort());
  for (const [name, part] of Object.entries(expected)) {
    expect(failures[name]).toContain(`metric flawed: "${name}" doesn't hold. `);
    expect(failures[name]).toContain(part);
  }
});

it('leaves weights of whole groups alone, and takes rows of one kind alone', async () => {
  const examples: number[] = [];
  const example: Options['example'] = (random) => {
    examples.push(integerBelow(random, 3));
    return { label: examples.at(-1)!, prediction: [1] };
  };
  expect(await failing(testMetric.cases(flawedMetric('weights'), { groupWeights: true, example }))).toEqual({});
  expect(examples.length).toBeGreaterThan(100);
});
