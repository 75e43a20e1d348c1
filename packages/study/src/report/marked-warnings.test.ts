import { expect, test } from 'vitest';
import type { Finding } from '@polytask/components';
import { summarize } from '../summary/summarize.ts';
import { findingOf, trialOf } from '../testing/trial-of.ts';
import { rowsSentences } from '../suites/row-counts.ts';
import { markWarnings, mergedMessage, shapeOf } from './marked-warnings.ts';

const metrics = { click: { auc: 0.8, ne: 0.5 }, like: { auc: 0.7, ne: 0.6 } };
const of = (model: string, seed: number, ...warnings: Finding[]) => trialOf({ model, seed, metrics, warnings });
const improving = findingOf('still-improving', 'Still improving at epoch 8 of 8: raise --epochs.');
const useless = (task: string, ne: string) =>
  findingOf('worse-than-constant', `Task ${task}: worse than predicting the base rate (NE ${ne}).`, { task });

test('the same warning of several models and seeds is one line; its numbers become ranges', () => {
  const trials = [
    of('single-task', 1),
    of('single-task', 2),
    of('mmoe', 1, improving, useless('like', '1.20')),
    of('mmoe', 2, improving, useless('like', '1.03')),
    of('adatt', 1, improving, useless('like', '1.10')),
    of('adatt', 2),
  ];
  expect(markWarnings(summarize(trials)).lines).toEqual([
    '[1] mmoe, adatt (seed 1): Still improving at epoch 8 of 8: raise --epochs.',
    '[2] mmoe, adatt (seed 1): Task like: worse than predicting the base rate (NE 1.03–1.20).',
  ]);
});

test('a mark stands beside the number that the warning concerns, or beside the name of the model', () => {
  const marked = markWarnings(summarize([of('single-task', 1), of('adatt', 1, improving, useless('like', '1.2'))]));
  const cells = ['single-task', 'adatt'].map((model) =>
    Object.entries(metrics).flatMap(([task, values]) =>
      Object.keys(values).map((metric) => marked.cell(model, { task, metric })),
    ),
  );
  expect(cells).toEqual([
    ['', '', '', ''],
    ['', '', '', ' [2]'], // the NE of like
  ]);
  expect(['single-task', 'adatt'].map(marked.model)).toEqual(['', ' [1]']);
  expect([marked.task('click'), marked.task('like'), marked.all]).toEqual(['', '', '']);
});

test('what concerns every row stands in the header, and so do notes of the data that name a task', () => {
  const trials = ['single-task', 'mmoe', 'adatt'].map((model) => of(model, 1, improving, useless('click', '1.1')));
  const notes = [
    findingOf('duplicated-rows', 'Rows stand twice.'),
    findingOf('missing-class', 'The test rows have no row of class "1" of task "like".', { task: 'like' }),
  ];
  const marked = markWarnings(summarize(trials, { notes }));
  expect(marked.lines).toEqual([
    'Data: Rows stand twice.',
    '[1] Data: The test rows have no row of class "1" of task "like".',
    '[2] all 3 models: Still improving at epoch 8 of 8: raise --epochs.',
    '[3] all 3 models: Task click: worse than predicting the base rate (NE 1.1).',
  ]);
  expect([marked.task('like'), marked.task('click'), marked.all]).toEqual([' [1]', ' [3]', ' [2]']);
  expect(marked.cell('adatt', { task: 'click', metric: 'ne' })).toBe('');
});

test('a model that has no row is named below the table with the seeds that failed', () => {
  const failures = [2, 5].map((seed) => ({
    setting: '',
    model: 'ple',
    seed,
    attempts: 1,
    error: new Error(`The loss of task "click" (NaN) is not finite at step ${seed}.`),
  }));
  expect(markWarnings(summarize([of('single-task', 1)], { failures })).lines).toEqual([
    '[1] ple (seeds 2, 5): No result: The loss of task "click" (NaN) is not finite at step 2–5.',
  ]);
});

test('a note about a model names it and its seed, as the notes of other seeds may say otherwise', () => {
  const chosen = (trees: string): Finding => ({
    ...findingOf('chosen-trees', `Has ${trees} trees.`),
    severity: 'note',
  });
  const summary = summarize([of('trees', 1, chosen('own')), of('trees', 2, chosen('shared')), of('mmoe', 1)]);
  expect(markWarnings(summary).lines).toEqual([
    '[1] trees (seed 1): Has own trees.',
    '[2] trees (seed 2): Has shared trees.',
  ]);
  expect(rowsSentences(summary).join(' ')).not.toContain('trees');
});

test('notes are told where the rows are counted, not among the warnings', () => {
  const limited = findingOf('limited-rows', 'Limited by --limit-rows: 5 of 10 training rows.');
  const notes = [{ ...limited, severity: 'note' as const }];
  expect(markWarnings(summarize([of('single-task', 1)], { notes })).lines).toEqual([]);
});

test('numbers in names are part of the name', () => {
  expect(shapeOf('Task task1: NE 1.03')).not.toBe(shapeOf('Task task2: NE 1.03'));
  expect(shapeOf('Task "a-1" is 0.5.')).not.toBe(shapeOf('Task "a-2" is 0.5.'));
  expect(mergedMessage(['5,000 of 1e-7', '12 of 1e-9', '700 of 1e-7'])).toBe('12–5,000 of 1e-9–1e-7');
});
