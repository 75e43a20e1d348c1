#!/usr/bin/env node
/**
 * Trains models on the suite of tables, and prints where boosting wins and where sharing does: docs/known-data.md has the tables.
 *
 *     npm run compare-tables -- --data DIR --out DIR [--census DIR] [--kuairand DIR] [--seeds 5] [--limit-rows N] [--workers 2] [NAME …]
 *
 * DIR of `--data` is that of `npm run fetch-tables`. `--out` keeps results, and a second run goes on where the first one was.
 * Three suites of a table have the same rows for a seed: the models, parts (members, a teacher, both) of two of them, and the same
 * two with numbers encoded piecewise-linearly.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pairedDifference } from '@polytask/metrics';
import { readTrials } from '@polytask/study';
import { ROOT } from '../workspace.js';

/** @typedef {import('@polytask/study').TrialResult} TrialResult */
/** The trials of a configuration, by seed. @typedef {Map<number, TrialResult>} Runs */
/** A data set: the suite or file that opens it, settings of its data, and its files. @typedef {{ base: string, data?: object, files?: string }} Source */

const BOOSTING = 'gradient-boosting';
const MODELS = ['logistic-regression', BOOSTING, 'single-task', 'shared-bottom', 'mmoe', 'ple', 'adatt'];
const SHARED = ['shared-bottom', 'adatt'];
const PARTS = {
  members: { size: { members: 8 } },
  teacher: { training: { teacher: 0.5 } },
  'members, teacher': { size: { members: 8 }, training: { teacher: 0.5 } },
};
const ENCODED = { numbers: { kind: 'piecewise-linear', count: 48 } };

/** The suites of a table, by name. @type {Record<string, { models: string[], data?: object, budgets?: object }>} */
const SUITES = {
  plain: { models: MODELS },
  parts: { models: SHARED, budgets: PARTS },
  encoded: { models: SHARED, data: ENCODED, budgets: { encoded: {}, 'encoded, all': PARTS['members, teacher'] } },
};

const { values: options, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    census: { type: 'string' },
    kuairand: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    'limit-rows': { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
  allowPositionals: true,
});
const { data, out, census, kuairand } = options;
if (data === undefined || out === undefined || !existsSync(data)) {
  console.error('Expected --data DIR, the folder of npm run fetch-tables, and --out DIR, for the results.');
  process.exit(1);
}

/** @type {Record<string, Source>} */
const sources = {
  ...Object.fromEntries(
    readdirSync(data).flatMap((file) =>
      file.endsWith('.json') ? [[file.slice(0, -5), { base: path.resolve(data, file) }]] : [],
    ),
  ),
  ...(census && {
    'census-income': { base: 'census-income', files: census },
    'census-two-tasks': { base: 'census-income', data: { tasks: ['income', 'marital'] }, files: census },
  }),
  ...(kuairand && { 'kuairand-pure': { base: 'kuairand-pure', files: kuairand } }),
};
const names = positionals.length > 0 ? positionals : Object.keys(sources);
const unknown = names.filter((name) => !Object.hasOwn(sources, name));
if (unknown.length > 0) {
  console.error(`Expected tables among ${Object.keys(sources).join(', ')}, received ${unknown.join(', ')}.`);
  process.exit(1);
}

/** Runs the suites of a table. @param {string} name @param {Source} source @param {string} target */
function run(name, { base, data: settings, files }, target) {
  mkdirSync(target, { recursive: true });
  for (const [suite, { data: own, ...compared }] of Object.entries(SUITES)) {
    const file = path.join(target, `${suite}.suite.json`);
    const declaration = {
      ...{ name: `${name}, ${suite}`, extends: base, data: { ...settings, ...own }, ...compared },
      baseline: compared.models.includes('single-task') ? 'single-task' : 'shared-bottom',
      seeds: Number(options.seeds),
    };
    writeFileSync(file, `${JSON.stringify(declaration, undefined, 2)}\n`);
    const argv = ['bench', file, '--out', path.join(target, suite), '--workers', options.workers];
    if (files !== undefined) argv.push('--data', files);
    if (options['limit-rows'] !== undefined) argv.push('--limit-rows', options['limit-rows']);
    const program = path.join(ROOT, 'packages/bench/bin/polytask.js');
    const { status } = spawnSync(process.execPath, [program, ...argv], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) process.exit(status ?? 1);
  }
}

/** The trials of a table by configuration. @param {string} target @returns {Promise<Map<string, Runs>>} */
async function runsOf(target) {
  /** @type {Map<string, Runs>} */
  const runs = new Map();
  for (const suite of Object.keys(SUITES)) {
    const file = path.join(target, suite, 'results.jsonl');
    for (const trial of await readTrials(readFileSync(file), file)) {
      const key = trial.setting ? `${trial.model} (${trial.setting})` : trial.model;
      if (!runs.has(key)) runs.set(key, new Map());
      runs.get(key)?.set(trial.seed, trial);
    }
  }
  return runs;
}

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean relative error over tasks, on the test rows: 0 is perfect, 1 is a constant. @param {TrialResult} trial */
const errorOf = ({ relativeErrors = {} }) => mean(Object.values(relativeErrors));

/** The validation score of the best epoch, where larger is better. @param {TrialResult} trial */
const validationOf = ({ curve, bestEpoch, config }) => {
  const { validation } = curve[bestEpoch - 1] ?? { validation: {} };
  return (config.training.selection === 'auc' ? 1 : -1) * mean(Object.values(validation));
};

/** How far a configuration is from another, seed by seed. @param {Runs} a @param {Runs} b */
const difference = (a, b) => {
  const seeds = [...a.keys()].filter((seed) => b.has(seed));
  const of = (/** @type {Runs} */ runs) => seeds.map((seed) => errorOf(/** @type {TrialResult} */ (runs.get(seed))));
  return pairedDifference(of(a), of(b));
};

const digits = (/** @type {number} */ value) => value.toFixed(4);
const signed = (/** @type {ReturnType<typeof pairedDifference>} */ { mean: value, low, high }) =>
  `${value < 0 ? '−' : '+'}${digits(Math.abs(value))} (${low.toFixed(4)} to ${high.toFixed(4)})`.replaceAll('-', '−');
const verdict = (/** @type {ReturnType<typeof pairedDifference>} */ { low, high }) =>
  high < 0 ? 'better' : low > 0 ? 'worse' : 'no difference';

const rows = [];
for (const name of names) {
  const target = path.resolve(out, name);
  run(name, /** @type {Source} */ (sources[name]), target);
  const runs = await runsOf(target);
  const boosting = /** @type {Runs} */ (runs.get(BOOSTING));
  const networks = [...runs].filter(([key]) => !['logistic-regression', 'single-task', BOOSTING].includes(key));
  const score = (/** @type {Runs} */ of) => mean([...of.values()].map(validationOf));
  const [best, own] = networks.reduce((a, b) => (score(b[1]) > score(a[1]) ? b : a)); // chosen on validation rows
  const against = difference(own, boosting);
  rows.push({ name, boosting, best, own, against, runs });
}

console.log(
  '\n| table | boosting | best network, by validation | its error | minus boosting | verdict |\n|---|---:|---|---:|---|---|',
);
for (const { name, boosting, best, own, against } of rows) {
  const errors = [boosting, own].map((each) => digits(mean([...each.values()].map(errorOf))));
  console.log(`| ${name} | ${errors[0]} | ${best} | ${errors[1]} | ${signed(against)} | ${verdict(against)} |`);
}

const columns = [...new Set(rows.flatMap(({ runs }) => [...runs.keys()]))];
console.log(
  `\n| mean relative error ↓ | ${rows.map(({ name }) => name).join(' | ')} |\n|---|${rows.map(() => '---:|').join('')}`,
);
for (const column of columns) {
  const cells = rows.map(({ runs }) => digits(mean([...(runs.get(column)?.values() ?? [])].map(errorOf))));
  console.log(`| ${column} | ${cells.join(' | ')} |`);
}
