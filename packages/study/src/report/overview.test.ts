import { type NetworkSpec, sharesLayers } from '@polytask/core';
import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { models } from '../models/models.ts';
import { textOf } from '../testing/documents.ts';
import { trialOf } from '../testing/trial-of.ts';
import { overviewFindings } from '../summary/overview-findings.ts';
import type { Summary } from '../summary/summary.ts';
import { overviewBlocks } from './overview.ts';
import type { BlockOf, Blocks } from './blocks.ts';

const overviewOf = (summaries: readonly Summary[]) => overviewFindings(summaries).map(({ message }) => message);

/** The table and the notes of the overview. */
function shown([first, ...others]: readonly Summary[]) {
  const all = [{ ...first!, overview: overviewFindings([first!, ...others]) }, ...others];
  const [, gains, notes] = overviewBlocks(all) as Blocks[];
  return {
    table: (gains as BlockOf<'table'>).table,
    notes: (notes as BlockOf<'text'>[]).flatMap((each) => each.sentences),
  };
}

const TASKS = ['click', 'like', 'buy'];
const size = { levels: [4], experts: 6, tower: [3], embedding: 2 };

/** The network that a comparison stores for a label such as `single-task [swiglu] + pcgrad`. */
const networkOf = (label: string) =>
  models()
    .find(({ name }) => name === label.split(/[ ,]/)[0])
    ?.build(size, TASKS).network ?? {};

const sharingOf = (network: object) =>
  'kind' in network ? { sharesLayers: sharesLayers(network as NetworkSpec, TASKS) } : {};

/** The summary of a setting in which models gain so much over an AUC of .5; the seeds differ a little. */
const setting = (title: string, gains: Readonly<Record<string, number>>, seeds = 5) =>
  summarize(
    Object.entries({ 'single-task': 0, ...gains }).flatMap(([model, gain], m) =>
      Array.from({ length: seeds }, (_, i) =>
        trialOf({
          model,
          seed: i + 1,
          setting: title,
          config: { ...trialOf().config, model: { network: networkOf(model), rate: 1 } },
          ...sharingOf(networkOf(model)),
          metrics: Object.fromEntries(
            TASKS.map((task) => [task, { auc: 0.5 * (1 + gain + (m > 0 ? 1e-4 * (((i + m) % 5) - 2) : 0)) }]),
          ),
        }),
      ),
    ),
    { setting: title },
  );

test('a row a model, a column a setting: gain in percent with its sign', () => {
  const { table, notes } = shown([
    setting('alike', { mmoe: 0.02, adatt: 0.03 }),
    setting('apart', { mmoe: -0.02, adatt: 0 }),
  ]);
  expect(table.columns.map(({ title }) => title)).toEqual(['model', 'alike', 'apart']);
  expect(table.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['mmoe', '+2.00 ±0.02 ▲', '-2.00 ±0.02 ▼'],
    ['adatt', '+3.00 ±0.02 ▲', expect.stringMatching(/^[+-]0\.00 ±0\.02 {2}$/)],
  ]);
  expect(notes[0]).toContain('Gain over single-task in %');
});

test('where sharing helps, by how much, where nobody gains, and where all lose', () => {
  const sentences = overviewOf([
    setting('alike', { mmoe: 0.02, adatt: 0.03 }),
    setting('near', { mmoe: 0.01, adatt: 0 }),
    setting('apart', { mmoe: 0, adatt: 0 }),
    setting('against', { mmoe: -0.02, adatt: -0.01 }),
  ]);
  expect(sentences).toEqual([
    'Sharing helps significantly in 2 of 4 settings: adatt gains 3.0% in alike and mmoe 1.0% in near.',
    'In apart no model gains significantly over single-task.',
    'In against every model is significantly worse: the best one, adatt, has -1.0%.',
  ]);
  expect(overviewOf([setting('a', { mmoe: 0 }), setting('b', { mmoe: 0 })])).toEqual([
    'Sharing helps significantly in no setting.',
  ]);
});

test('what a model without sharing gains too is not said to be of sharing', () => {
  const sentences = overviewOf([
    setting('few labels', { 'single-task, narrow': 0, ple: 0.01 }),
    setting('alike', { 'single-task, narrow': 0.02, ple: 0.01 }),
    setting('apart', { 'single-task, narrow': 0.02, ple: -0.01 }),
  ]);
  expect(sentences).toEqual([
    'Sharing helps significantly in 1 of 3 settings: ple gains 1.0% in few labels.',
    'In alike single-task, narrow, without sharing, gains significantly too: the gain there need not come from sharing.',
    'In apart every model that shares is significantly worse: the best one, ple, has -1.0%.',
  ]);
});

test('a gain of coupled outputs is not one of sharing, and no reason to doubt one', () => {
  const sentences = overviewOf([
    setting('hidden', { esmm: 0.03, mmoe: 0 }),
    setting('delayed', { esmm: 0.03, mmoe: 0.01 }),
  ]);
  expect(sentences).toEqual([
    'Sharing helps significantly in 1 of 2 settings: mmoe gains 1.0% in delayed.',
    'In hidden and delayed esmm gains significantly by coupling the outputs, without shared layers.',
    'In hidden no model that shares gains significantly over single-task.',
  ]);
});

test('a label does not decide whether a model shares', () => {
  const gain = (labels: readonly string[]) =>
    overviewOf(['a', 'b'].map((title) => setting(title, Object.fromEntries(labels.map((label) => [label, 0.02])))));
  expect(gain(['single-task [swiglu]', 'adatt'])).toEqual([
    'Sharing helps significantly in no setting.',
    'In a and b single-task [swiglu], without sharing, gains significantly too: the gain there need not come from sharing.',
  ]);
  expect(gain(['single-task + pcgrad', 'adatt'])[1]).toContain(
    'In a and b single-task + pcgrad, without sharing, gains',
  );
  expect(gain(['pepnet', 'adatt'])[1]).toContain('In a and b pepnet, without sharing, gains');
  // Nobody knows whether a model that was trained elsewhere shares: it is neither credited nor a control.
  expect(gain(['lightgbm', 'adatt'])).toEqual([
    'Sharing helps significantly in 2 of 2 settings: adatt gains 2.0% in a and adatt 2.0% in b.',
  ]);
  expect(gain(['lightgbm'])[0]).toContain('A model beats single-task significantly in 2 of 2 settings: lightgbm gains');
});

test('many settings: three are named, the largest gain first', () => {
  const many = [1, 2, 3, 4, 5].map((n) => setting(`s${n}`, { adatt: n / 100 }));
  expect(overviewOf(many)).toEqual([
    'Sharing helps significantly in 5 of 5 settings: adatt gains 5.0% in s5, adatt 4.0% in s4, adatt 3.0% in s3 and 2 more.',
  ]);
});

test('one seed tells no gain from chance', () => {
  const settings = [setting('b', { adatt: 0 }, 1), setting('a', { adatt: 0.02 }, 1)];
  const [sentences, { notes, table }] = [overviewOf(settings), shown(settings)];
  expect(sentences[0]).toMatch(
    /^Undecided: 1 seed can't separate a gain from chance; a verdict takes at least 5\. .* is 2\.0% in a \(adatt\) and/,
  );
  expect(table.rows[0]!.map(({ text }) => text.trim())).toEqual(['adatt', '-0.01', '+1.99']);
  expect(notes).toHaveLength(1);
});

test('one setting needs no overview, and without a baseline there is none', () => {
  expect(textOf(setting('a', { adatt: 0.1 }))).not.toContain('settings');
  const alone = (title: string) => summarize([trialOf({ model: 'adatt' })], { setting: title });
  expect(overviewOf([alone('a'), alone('b')])).toEqual([]);
});
