import { expect, test } from 'vitest';
import type { TrialResult } from '../results/trial-result.ts';
import { markdownOf, textOf } from '../testing/documents.ts';
import { trialsOf } from '../testing/trial-of.ts';
import { summarize } from './summarize.ts';

type Values = readonly (readonly [value: string | null, rows: number, auc: number])[];

/** Trials whose test rows have these values of the context `tab`, seed by seed. */
const onTabs = (model: string, seeds: readonly Values[]): TrialResult[] =>
  trialsOf(model, { auc: seeds.map(() => 0.7) }).map((trial, i) => ({
    ...trial,
    byContext: { tab: seeds[i]!.map(([value, rows, auc]) => ({ value, rows, metrics: { click: { auc } } })) },
  }));

const trials = [
  ...onTabs('a', [
    [
      ['home', 900, 0.7],
      ['new', 9, 1],
    ],
    [
      ['home', 850, 0.6],
      ['search', 150, 0.5],
      [null, 20, 0.4],
    ],
  ]),
  ...onTabs('b', [
    [
      ['home', 900, 0.72],
      ['new', 9, 0],
    ],
    [
      ['home', 850, 0.64],
      ['search', 150, 0.9],
      [null, 20, 0.8],
    ],
  ]),
];
const summary = summarize(trials, { baseline: 'a' });

test('a table for each value that test rows of any seed have, those with the most rows first', () => {
  expect(
    summary.byContext!.map(({ context, value, rows, seeds }) => [context, value, rows.least, rows.most, seeds]),
  ).toEqual([
    ['tab', 'home', 850, 900, [1, 2]],
    ['tab', 'search', 150, 150, [2]],
    ['tab', null, 20, 20, [2]],
    ['tab', 'new', 9, 9, [1]],
  ]);
  const [home] = summary.byContext!;
  expect(home!.comparisons.auc!.models.b!.tasks.click!.difference.mean).toBeCloseTo(0.03, 12);
  expect(home!.share).toBeCloseTo((900 / 909 + 850 / 1020) / 2, 12);
});

test('values with fewer than 100 test rows share a line, in the report only', () => {
  const report = markdownOf(summary, trials);
  expect(report).toContain('## On the 850 to 900 test rows (91.2%) with tab home');
  expect(report).toContain('## On the 150 test rows (14.7%) with tab search');
  expect(report).toContain(
    '## Contexts with fewer than 100 test rows\n\nToo few for a table: tab missing (20), tab new (9).',
  );
  expect(report).not.toContain('with tab new');
  expect(textOf(summary)).not.toContain('Too few');
  const many = trials.map((trial) => ({ ...trial, byContext: { tab: trial.byContext!.tab!.slice(0, 1) } }));
  expect(markdownOf(summarize(many, { baseline: 'a' }), many)).not.toContain('Too few');
});
