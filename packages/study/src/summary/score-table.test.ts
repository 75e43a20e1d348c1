import { expect, test } from 'vitest';
import { differencesCsv, resultsCsv } from '../report/csv.ts';
import { markdownOf, textOf } from '../testing/documents.ts';
import { trialsOf } from '../testing/trial-of.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { summarize } from './summarize.ts';

/** Trials whose unseen rows give other scores than all rows. */
const apart = (model: string, all: number[], unseen: number[], rows = unseen.map(() => 600)): TrialResult[] =>
  trialsOf(model, { auc: all }).map((trial, i) => ({
    ...trial,
    unseen: { rows: rows[i]!, of: 1000, metrics: { click: { auc: unseen[i]! } } },
  }));

// on all rows b is ahead by .1; on the unseen ones behind by .02, .01, .03: mean −.02, p = .0742 (see summarize.test.ts)
const trials = [
  ...apart('a', [0.5, 0.6, 0.7], [0.52, 0.61, 0.73]),
  ...apart('b', [0.6, 0.7, 0.8], [0.5, 0.6, 0.7], [600, 590, 610]),
];
const summary = summarize(trials, { baseline: 'a' });

test('the same table of the scores on unseen rows, with its own differences', () => {
  const { unseen } = summary;
  expect(unseen).toMatchObject({
    rows: { least: 590, most: 610 },
    share: 0.6,
    seeds: [1, 2, 3],
    baseline: 'a',
    winners: [],
  });
  expect(unseen!.models.map(({ model, metrics }) => [model, Number(metrics.click!.auc!.mean.toFixed(6))])).toEqual([
    ['a', 0.62],
    ['b', 0.6],
  ]);
  expect(unseen!.comparisons.auc!.models.b!.tasks.click!.difference).toMatchObject({
    mean: expect.closeTo(-0.02, 12) as number,
    pValue: expect.closeTo(0.0742, 4) as number,
  });
  expect(summary.comparisons.auc!.models.b!.tasks.click!.difference.mean).toBeCloseTo(0.1, 12);
  expect(unseen!.models[0]).not.toHaveProperty('seconds');
});

test('models whose trials have none are left out of it; without any there is no such table', () => {
  const mixed = summarize([...trials, ...trialsOf('c', { auc: [0.1, 0.2, 0.3] })], { baseline: 'a' });
  expect(mixed.models.map(({ model }) => model)).toEqual(['a', 'b', 'c']);
  expect(mixed.unseen!.models.map(({ model }) => model)).toEqual(['a', 'b']);
  expect(summarize(trialsOf('c', { auc: [0.1] })).unseen).toBeUndefined();
});

test('the report has it below the differences, the terminal does not', () => {
  const report = markdownOf(summary, trials);
  expect(report).toContain(
    '## On the 590 to 610 test rows (60.0%) whose features occur in no training row\n\n| model | click AUC ↑ | gain % AUC |',
  );
  expect(report).toContain('| b | 0.6000 ±0.2484 |');
  expect(report).toContain('| b | -0.0200 ±0.0248 |'); // t(.975, 2) .01 / √3
  expect(report).toContain('Means, intervals and signs as above.');
  const three = [...trials, ...apart('c', [0.6, 0.7, 0.8], [0.5, 0.5, 0.6])];
  expect(markdownOf(summarize(three, { baseline: 'a' }), three)).toContain(
    "as above; Holm's correction is for the 2 comparisons of this table.",
  );
  expect(textOf(summary)).not.toContain('no training row');
  expect(markdownOf(summarize(trialsOf('c', { auc: [0.1] })), [])).not.toContain('no training row');
});

test('both CSV files tell the two kinds of rows apart', () => {
  const values = resultsCsv(trials.slice(0, 1))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(4, 8));
  expect(values).toEqual([
    ['all', 'click', 'auc', '0.5'],
    ['unseen', 'click', 'auc', '0.52'],
  ]);
  const differences = differencesCsv([summary])
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(3, 8));
  expect(differences.map(([model, rows, , , seeds]) => [model, rows, seeds])).toEqual([
    ['b', 'all', '3'],
    ['b', 'unseen', '3'],
  ]);
  expect(differencesCsv([summary])).toMatch(/b,unseen,click,auc,3,-0\.02/);
});
