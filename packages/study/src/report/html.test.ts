import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { svgText } from './pictures/chart.ts';
import { tablePictures } from './pictures/pictures.ts';
import { summarize } from '../summary/summarize.ts';
import { findingOf, trialOf, trialsOf } from '../testing/trial-of.ts';
import { documentOf, list, text } from './blocks.ts';
import { differencesCsv, resultsCsv } from './csv.ts';
import { comparisonDocument, type ReportInput } from './comparison-document.ts';
import { renderHtml } from './html.ts';

const fusion = [
  {
    outputs: ['click', 'shared'],
    experts: ['click.0', 'shared.0'],
    gated: [
      [0.25, 0.75],
      [0.5, 0.5],
    ],
    gatedDeviation: [
      [0.1, 0.1],
      [0, 0],
    ],
    constant: [
      [1.25, 0],
      [0, -0.5],
    ],
    entropy: [0.3, 0.5],
    effectiveExperts: [1.44, 1.96],
  },
];
const curve = [0.6, 0.7].map((auc, e) => ({ loss: 1 - e / 2, validation: { click: auc }, seconds: 1 }));
const trials = [
  ...trialsOf('single-task', { auc: [0.8, 0.81, 0.82, 0.8, 0.81] }),
  ...trialsOf('a<b', { auc: [0.9, 0.91, 0.92, 0.9, 0.91] }).map((trial) => ({ ...trial, fusion, curve })),
  ...trialsOf('ple', { auc: [0.8, 0.81, 0.8, 0.81, NaN] }).map((trial) => ({
    ...trial,
    warnings: [findingOf('duplicated-rows', '1 < 2')],
  })),
];
const summary = summarize(trials);
const pictures = tablePictures(summary, trials);
const pageOf = (input: ReportInput) => renderHtml(comparisonDocument(input));
const html = pageOf({ summaries: [summary], trials });

test('one page that fetches nothing', () => {
  for (const fetched of ['<link', '<img', '@import', 'src=']) expect(html.includes(fetched), fetched).toBe(false);
  expect(html.match(/url\((?!#)/)).toBeNull();
  expect(html.match(/href="[^"#][^"]*"/g)).toEqual([expect.stringContaining('/playground/')]); // a link, for a click
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.length).toBe(new Set(ids).size);
  expect(html.match(/<svg /g)!.length).toBe(5); // differences, costs, seeds, curves, one level
});

test('what stands between backticks is code, in paragraphs and lists', () => {
  const sentence = 'Compare <them>: `polytask drift a<b`.';
  const page = renderHtml(documentOf('T', text([sentence]), list([sentence, 'one ` alone'])));
  expect(page.match(/Compare &lt;them&gt;: <code>polytask drift a&lt;b<\/code>\./g)).toHaveLength(2);
  expect(page).toContain('<li>one ` alone</li>');
});

test('a policy lets the page run the script that sorts tables, and no other', () => {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!;
  const [, script] = /<script>(.*)<\/script>/s.exec(html)!;
  const hash = createHash('sha256').update(script!).digest('base64');
  expect(policy).toBe(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`);
  expect(html.match(/<script/g)).toHaveLength(1);
});

test('what is for a manager comes first, and details are folded', () => {
  const places = [
    'class="answer"',
    '(baseline)',
    '<svg',
    '<nav>',
    'Results in digits</h2>',
    'Differences from single-task</h2>',
    '<details',
  ];
  const found = places.map((part) => html.indexOf(part));
  expect(found).toEqual([...found].sort((a, b) => a - b));
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
  expect(links.length).toBeGreaterThan(4);
  expect(links.filter((id) => !html.includes(` id="${id}"`))).toEqual([]);
});

test('what models reach on rows that training has not seen stands apart', () => {
  const unseen = (auc: number) => ({ rows: 1600, of: 2000, metrics: { click: { auc } } });
  const apart = trials.map((trial) => ({
    ...trial,
    unseen: unseen(trial.metrics.click!.auc! - (trial.model === 'ple' ? 0.5 : 0.2)),
  }));
  const page = pageOf({ summaries: [summarize(apart)], trials: apart });
  const [, section] = page.split(
    '<summary>On the 1,600 test rows (80.0%) whose features occur in no training row</summary>',
  );
  for (const text of [
    '<td>0.6080 ±0.0104</td>',
    'Minus single-task',
    '+0.1000 ±0.0000 ▲',
    'Means, intervals and signs as above.',
  ])
    expect(section!.includes(text), text).toBe(true);
  expect(html).not.toContain('no training row');
});

test('what balancers did is folded away, a table a model', () => {
  const balanced = trials.map((trial) => ({
    ...trial,
    balancing: trial.model === 'ple' ? [{ weights: { click: 1.5 } }] : undefined,
  }));
  const page = pageOf({ summaries: [summary], trials: balanced });
  expect(page).toContain('<summary>Balancing, seed 1</summary>');
  expect(page.match(/<summary>ple<\/summary>.*?<td>1\.50<\/td>/gs)).toHaveLength(1);
  expect(html).not.toContain('Balancing');
});

test('names are text, not markup; verdicts and warnings are marked', () => {
  const parts = [
    '<th scope="row">a&lt;b</th>',
    '<td class="good">+0.1000 ±0.0000 ▲</td>',
    '<p class="warning">[1] ple: 1 &lt; 2</p>',
    '<th scope="row">ple<span class="mark"> [1]</span></th>',
    'On click, a&lt;b is better than single-task by .1000 AUC',
    `<p class="answer">The models can't be ranked: `,
  ];
  expect(parts.filter((part) => !html.includes(part))).toEqual([]);
  expect(html.includes('a<b')).toBe(false);
});

test('the heat map has the gate with its deviation, and the native part apart', () => {
  const [{ model, levels }] = pictures.fusion as [(typeof pictures.fusion)[number]];
  expect(model).toBe('a<b');
  const texts = [...svgText(levels[0]!).matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text!);
  expect(texts).toEqual(
    expect.arrayContaining([
      '0.25',
      '±0.10',
      '1.25',
      '-0.50',
      'native',
      'gates: mean ± deviation',
      'click.0',
      'shared',
    ]),
  );
  expect(texts).toEqual(expect.arrayContaining(['effective experts', '1.4 of 2', '2.0 of 2']));
  expect(texts).not.toContain('0.00'); // what a lane can't take from is left blank
});

test('pictures name colors that the page defines', () => {
  const used = [...html.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name!);
  expect(used).toContain('good');
  expect(used.filter((name) => !html.includes(`--${name}:#`))).toEqual([]);
});

test('CSV: a line a trial, task and metric; undefined is empty; names are quoted where they must be', () => {
  const lines = resultsCsv([trialOf({ model: 'a,b', metrics: { click: { auc: 0.5, ne: NaN } } })]).split('\n');
  expect(lines[0]).toBe('suite,setting,model,seed,rows,task,metric,value,parameters,seconds,epochs,engine,trial');
  expect(lines[1]).toMatch(/^toy,,"a,b",1,all,click,auc,0\.5,1234,2,3,cpu,[0-9a-f]{16}$/);
  expect(lines[2]).toMatch(/click,ne,,1234/);
  expect(differencesCsv([summary]).split('\n')[2]).toMatch(
    /^toy,,single-task,a<b,all,click,auc,5,0\.\d+,0\.0?9.*,better$/,
  );
});
