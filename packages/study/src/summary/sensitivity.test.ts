import { expect, test } from 'vitest';
import { svgText } from '../report/pictures/chart.ts';
import { tablePictures } from '../report/pictures/pictures.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { renderHtml } from '../report/html.ts';
import { markdownOf, textOf } from '../testing/documents.ts';
import type { Candidate } from '../search/search.ts';
import { trialsOf } from '../testing/trial-of.ts';
import { aheadOf, sensitivityTable } from './sensitivity.ts';
import { summarize } from './summarize.ts';

const rates = [1e-3, 3e-3, 1e-2];
const scored = (scores: readonly number[], more: object = {}): Candidate[] =>
  scores.map((score, i) => ({ values: { learningRate: rates[i]!, ...more }, epochs: 3, score }));
const trials = [
  ...trialsOf('a', { auc: [0.5, 0.6, 0.7, 0.6, 0.6] }),
  ...trialsOf('b', { auc: [0.52, 0.61, 0.73, 0.6, 0.6] }),
  ...trialsOf('c', { auc: [0.6, 0.7, 0.81, 0.7, 0.7] }),
];
const tried = new Map([
  ['a', scored([0.8, 0.82, 0.7])],
  ['b', [...scored([0.81, 0.79, 0.7])].reverse()], // in another order, and level with the baseline once
  ['c', scored([0.9, NaN, 0.75])],
  ['not in the table', scored([1, 1, 1])],
]);
const summary = summarize(trials, { baseline: 'a', tried });

test('differences under the same configuration, how often a model is ahead, and the range of its own scores', () => {
  const { metric, configurations, rows } = sensitivityTable(summary);
  expect(metric).toBe('auc');
  expect(configurations).toEqual(
    rates.map((learningRate, i) => ({ values: { learningRate }, score: [0.8, 0.82, 0.7][i] })),
  );
  const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)));
  expect(
    rows.map(({ model, differences, ahead, both, least, most }) => [
      model,
      rounded(differences),
      ahead,
      both,
      least,
      most,
    ]),
  ).toEqual([
    ['a', [0, 0, 0], 0, 3, 0.7, 0.82],
    ['b', [0.01, -0.03, 0], 1, 3, 0.7, 0.81],
    ['c', [0.1, NaN, 0.05], 2, 2, 0.75, 0.9],
  ]);
  expect([...aheadOf(summary)]).toEqual([
    ['b', '1 of 3'],
    ['c', '2 of 2'],
  ]);
});

test('where epochs are picked by the normalized loss, less is ahead', () => {
  const byLoss = trials.map((trial) => ({
    ...trial,
    config: { ...trial.config, training: { ...trial.config.training, selection: 'normalizedLoss' } },
  }));
  expect([...aheadOf(summarize(byLoss, { baseline: 'a', tried }))]).toEqual([
    ['b', '1 of 3'],
    ['c', '0 of 2'],
  ]);
});

test('a model with a space of its own, and a table without its baseline, have ranges alone', () => {
  const own = new Map([
    ['a', scored([0.8])],
    ['b', scored([0.9], { embedding: 4 })],
  ]);
  const { rows } = sensitivityTable(summarize(trials, { baseline: 'a', tried: own }));
  expect(rows[1]).toEqual({ model: 'b', differences: [NaN], ahead: 0, both: 0, least: 0.9, most: 0.9 });
  expect(aheadOf(summarize(trials, { baseline: 'a', tried: own })).size).toBe(0);
  const without = summarize(trials, { baseline: 'a', tried: new Map([['b', scored([0.9, NaN])]]) });
  expect(markdownOf(without, trials)).toContain(
    '| model | AUC from | to |\n| --- | ---: | ---: |\n| b | 0.9000 | 0.9000 |',
  );
  expect(sensitivityTable(summarize(trials)).rows).toEqual([]);
});

test('Markdown: a column a configuration, and how often a model is ahead beside its differences', () => {
  const report = markdownOf(summary, trials);
  const [, section] = report.split('## Under other configurations\n\n');
  expect(section!.split('\n').slice(0, 5)).toEqual([
    '| model | learningRate 0.001 | learningRate 0.003 | learningRate 0.01 | ahead | AUC from | to |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| a | 0.8000 | 0.8200 | 0.7000 |  | 0.7000 | 0.8200 |',
    '| b | +0.0100 | -0.0300 | +0.0000 | 1 of 3 | 0.7000 | 0.8100 |',
    '| c | +0.1000 | – | +0.0500 | 2 of 2 | 0.7500 | 0.9000 |',
  ]);
  expect(report).toMatch(/\| AUC rank \| configurations ahead \|/);
  expect(report).toMatch(/\| c \| \+0\.1020 ±\S+ ▲ \| 1–0 \| 1\.00 \| 2 of 2 \|/);
  expect(textOf(summary)).toMatch(/\nc .* 2 of 2\n/);
  expect(textOf(summarize(trials, { baseline: 'a' }))).not.toContain('ahead');
});

test('the page has the table and a dot for each score; what is far away is named at the edge', () => {
  const far = new Map([...tried, ['b', scored([0.81, 0.79, 0.1])]]);
  const searched = summarize(
    trials.map((trial) => ({
      ...trial,
      config: { ...trial.config, model: { ...trial.config.model, chosen: { learningRate: 1e-3 } } },
    })),
    { baseline: 'a', tried: far },
  );
  const pictures = tablePictures(searched, trials);
  const html = renderHtml(comparisonDocument({ summaries: [searched], trials }));
  const [, section] = html.split('<summary>Under other configurations</summary>');
  expect(section!.includes('<td>2 of 2</td>')).toBe(true);
  const svg = svgText(pictures.sensitivity[0]!);
  expect(section!.includes(svg)).toBe(true);
  expect(svg.match(/class="dot" [^>]*><title>/g)).toHaveLength(7); // eight scores but for the far one
  expect(svg.match(/class="ring"/g)).toHaveLength(3); // one a model
  expect(svg).toContain('>◀ 0.100<');
  expect(pictures.sensitivity[0]!.name).toBe('sensitivity');
});

test('a summary is the same after a round trip through JSON, but for what is not defined', () => {
  const read = JSON.parse(JSON.stringify(summary.sensitivity)) as typeof summary.sensitivity;
  expect(read.map(({ model }) => model)).toEqual(['a', 'b', 'c']);
  expect(read[2]!.tried[1]).toEqual({ values: { learningRate: 3e-3 }, score: null });
});
