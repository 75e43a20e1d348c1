import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { overviewFindings } from '../summary/overview-findings.ts';
import { summarize } from '../summary/summarize.ts';
import { findingOf, trialOf, trialsOf } from '../testing/trial-of.ts';
import { textOf } from '../testing/documents.ts';
import { comparisonDocument } from './comparison-document.ts';
import { renderText, wrapped } from './terminal.ts';
import { stripVTControlCharacters } from 'node:util';

const trials = [
  ...trialsOf('single-task', { auc: [0.8, 0.81, 0.82, 0.8, 0.82], ne: [0.5, 0.5, 0.5, 0.5, 0.5] }),
  ...trialsOf('adatt', { auc: [0.9, 0.91, 0.92, 0.9, 0.92], ne: [0.4, 0.6, 0.35, 0.5, 0.4] }),
];
const summary = summarize(trials);

test('the answer, a sorted leaderboard, then results and differences in digits, and what one has to know', () => {
  expect(textOf(summary, {}, trials)).toBe(
    [
      'toy',
      'Take adatt: on average over the tasks it is better than the other model. Its gain over single-task is 12.3%.',
      '',
      'On click, adatt is better than single-task by .1000 AUC.',
      '2 models, 5 seeds, on cpu.',
      '',
      '                                     click',
      'model                     gain %     AUC ↑  parameters',
      'adatt                   +12.35 ▲  0.9100 ▲       1,234',
      'single-task (baseline)            0.8100         1,234',
      '',
      'Sorted by the gain: the mean relative improvement over single-task in the first metric of each task. ' +
        '▲ significantly better, ▼ significantly worse than single-task.',
      '',
      'Results in digits',
      '',
      '                       click                        gain %',
      'model                 AUC ↑             NE ↓           AUC             NE  parameters  seconds',
      'single-task  0.8100 ±0.0124           0.5000                                    1,234      2.0',
      'adatt        0.9100 ±0.0124*  0.4500 ±0.1242  +12.35 ±0.19  +10.00 ±24.83       1,234      2.0',
      '',
      'Mean over 5 seeds ± half its 95% interval.',
      'gain: the relative improvement over single-task, seed by seed, mean over tasks; better is positive.',
      '*: significantly better than each other row. A column without it has no winner.',
      '▲ significantly better, ▼ significantly worse than single-task.',
      'Without a sign the difference is not significant, which is not the same as no difference.',
      "rank: mean over tasks and seeds, 1 the best; ranks nearer than AUC 0.88, NE 0.88 don't differ significantly.",
      'seconds: training and test, one trial.',
      '',
      'Differences from single-task',
      '',
      '                         click                          AUC              NE',
      'model                    AUC ↑               NE ↓  won–lost  rank  won–lost  rank',
      'single-task                                                  2.00            1.70',
      'adatt        +0.1000 ±0.0000 ▲  -0.0500 ±0.1242         1–0  1.00       0–0  1.30',
      '',
      '',
    ].join('\n'),
  );
});

test('a narrow terminal gets the table in pieces, each with the models', () => {
  const text = textOf(summary, { width: 50 });
  expect(text.split('\n').filter((line) => line.length > 50)).toEqual([]);
  expect(text.split('\n').filter((line) => line.startsWith('adatt '))).toHaveLength(7);
});

describe.each([80, 120])('at %d columns', (width) => {
  const LONG = 'adatt(residual=false) [mlp(activation=gelu)] + gradnorm(alpha=0.5)';
  const WIDE = '推薦モデル「多目的学習」の比較対象となる基準線のとても長い名前です';
  const TASK =
    'the customer buys again within ninety days of the first purchase, 再購入あり, or says that he or she would';
  const metrics = (value: number) => ({
    [TASK]: { auc: value, ne: 1 - value, brier: value / 3, logLoss: value / 2 },
    ...Object.fromEntries(['click', 'like', 'follow'].map((task) => [task, { auc: value, ne: 0.5 }])),
  });
  const trials = ['single-task', 'adatt', LONG, WIDE].flatMap((model, i) =>
    [1, 2, 3].map((seed) => trialOf({ model, seed, metrics: metrics(0.6 + 0.05 * i + 0.001 * seed * (i + 1)) })),
  );
  const lines = (colors: boolean) => stripVTControlCharacters(textOf(summarize(trials), { width, colors })).split('\n');

  test('no line is wider, with long names and wide characters, whatever the colors', () => {
    for (const colors of [false, true]) expect(lines(colors).filter((line) => stringWidth(line) > width)).toEqual([]);
  });

  test('a name that takes several lines loses no character', () => {
    const names = lines(false)
      .filter((line) => !/^[-\s]*$/.test(line))
      .map((line) => line.split(/ {2,}/)[0]!)
      .join('')
      .replaceAll(' ', '');
    for (const name of [LONG, WIDE]) expect(names).toContain(name.replaceAll(' ', ''));
    expect(lines(false).join('').replaceAll(' ', '')).toContain('adatt(residual=false)');
  });
});

test('the leaderboard of three tasks is one piece at 80 columns', () => {
  const tasks = { task1: { auc: 0.8 }, task2: { auc: 0.7 }, task3: { auc: 0.9 } };
  const both = ['single-task', 'logistic-regression'].flatMap((model) =>
    [1, 2].map((seed) => trialOf({ model, seed, metrics: tasks, parameters: 11_334 })),
  );
  expect(textOf(summarize(both), { width: 80 })).toMatch(/^model +gain % +AUC ↑ +AUC ↑ +AUC ↑ +parameters$/m);
});

test('colors only where they are asked for', () => {
  expect(textOf(summary)).not.toContain('\u001b');
  expect(textOf(summary, { colors: true })).toContain('\u001b[1m0.9100 ±0.0124*\u001b[22m');
});

test('one seed has no interval and no verdict, and says so', () => {
  const text = textOf(summarize([trialOf(), trialOf({ model: 'ple', metrics: { click: { auc: 0.9, ne: 0.4 } } })]));
  expect(text).toMatch(/^ple +0\.9000 {2}0\.4000 {2}\+12\.50 {2}\+20\.00 +1,234 +2\.0$/m);
  expect(text).toMatch(/One seed, no interval\.\n.*\nDifferences aren't marked: a verdict takes at least 5 seeds\./);
  expect(text).not.toContain('*');
});

test('models with fewer seeds than others show how many', () => {
  const text = textOf(summarize([...trialsOf('single-task', { auc: [0.8, 0.9] }), ...trialsOf('ple', { auc: [0.7] })]));
  expect(text).toMatch(/seeds$/m);
  expect(text).toMatch(/^ple .* 1$/m);
});

test('without the baseline there is no gain, and the reason', () => {
  expect(textOf(summarize([trialOf({ model: 'ple' })]))).toContain(
    'No gain: it is measured against single-task, which was not run.',
  );
});

test("one seed's AUC has an interval, and a line says of what", () => {
  const text = textOf(summarize([trialOf({ rowIntervals: { click: { auc: { low: 0.79, high: 0.81 } } } })]));
  expect(text).toMatch(/^single-task +0\.8000 \(0\.7900–0\.8100\) +0\.5000/m);
  expect(text).toContain('In brackets: the 95% interval over samples of test rows, not over seeds.');
});

test('warnings of trials and failures stand below the table, those that say the same together', () => {
  const warnings = [findingOf('constant-output', 'Task click is always .5.')];
  const failures = [
    {
      setting: '',
      model: 'ple',
      seed: 3,
      attempts: 1,
      error: new Error('The loss of task "click" (NaN) is not finite at step 3.'),
    },
  ];
  const text = textOf(
    summarize([trialOf({ warnings }), trialOf({ seed: 2, warnings }), trialOf({ model: 'ple' })], { failures }),
  );
  expect(text).toContain(
    [
      'single-task [1]  0.8000  0.5000                      1,234      2.0      2',
      'ple [2]          0.8000  0.5000   +0.00  +0.00       1,234      2.0      1',
      '',
      '[1] single-task: Task click is always .5.',
      '[2] ple (seed 3): No result: The loss of task "click" (NaN) is not finite at step 3.',
      '',
    ].join('\n'),
  );
});

test('a mark stands behind its number, and numbers stay below each other', () => {
  const warnings = [findingOf('worse-than-constant', 'Task click: NE 1.50.', { task: 'click' })];
  const text = textOf(
    summarize([trialOf(), trialOf({ model: 'ple', metrics: { click: { auc: 0.4, ne: 1.5 } }, warnings })]),
  );
  expect(text).toMatch(/^single-task {2}0\.8000 {2}0\.5000 {5}/m);
  expect(text).toMatch(/^ple {10}0\.4000 {2}1\.5000 \[1\] /m);
  expect(text).toContain('\n[1] ple: Task click: NE 1.50.\n');
});

test('sentences are wrapped between words at the width of the terminal, whatever their colors', () => {
  for (const colors of [false, true]) {
    const lines = stripVTControlCharacters(textOf(summary, { width: 60, colors }, trials)).split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines.slice(1, 5).join(' ')).toContain('adatt is better than single-task by .1000 AUC.');
  }
});

test('a command in backticks stays on one line', () => {
  const text = "Calibrate on rows: `polytask calibrate m 'march 26.csv'`. The rest is ` wrapped.";
  expect(wrapped(text, 20).split('\n')).toEqual([
    ...['Calibrate on rows:', "`polytask calibrate m 'march 26.csv'`.", 'The rest is `', 'wrapped.'],
  ]);
});

test('several settings: the overview and the verdict of each stand before the details', () => {
  const models = summary.models.map((each) => ({ ...each, sharesLayers: each.model === 'adatt' }));
  const [alike, apart] = ['alike', 'apart'].map((setting) => ({ ...summary, models, setting }));
  const overview = overviewFindings([alike!, apart!]);
  const text = renderText(comparisonDocument({ summaries: [{ ...alike!, overview }, apart!], trials }));
  const places = [
    'toy\nSharing helps significantly in 2 of 2 settings: adatt gains 12.3% in alike and adatt 12.3% in apart.',
    'model           alike           apart',
    'adatt  +12.35 ±0.19 ▲  +12.35 ±0.19 ▲',
    '- alike: On click, adatt is better',
    '- apart: On click, adatt is better',
    '\nalike\nTake adatt',
    '\napart\nTake adatt',
  ].map((part) => text.indexOf(part));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});
