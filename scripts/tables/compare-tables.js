#!/usr/bin/env node
/**
 * Trains models on the suite of tables, and compares them over all of it: docs/known-data.md has the tables.
 *
 *     npm run compare-tables -- --data DIR --out DIR [--census DIR] [--kuairand DIR] [--seeds 5] [--limit-rows N] [--workers 2] [--reuse DIR,DIR] [NAME …]
 *
 * DIR of `--data` is that of `npm run fetch-tables`. `--out` keeps results, and a second run goes on where the first one was. At the
 * end `polytask leaderboard` writes the comparison to `--out`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../workspace.js';

/** A data set: the suite or file that opens it, settings of its data, its files, and its yes/no tasks. @typedef {{ base: string, data?: object, files?: string, tasks?: Record<string, any> }} Source */

const NETWORKS = ['single-task', 'shared-bottom', 'mmoe', 'ple', 'adatt'];
const SHARED = ['shared-bottom', 'adatt'];
const DROPOUT = 'mlp(dropout=0.1)';
const MEMBERS = { size: { members: 8 } };
const TEACHER = { training: { teacher: 0.5 } };
const ENCODED = { data: { numbers: { kind: 'piecewise-linear', count: 48 } } };

/** A part of the recipe, of one network. @param {object} budget */
const part = (budget) => ({ models: ['shared-bottom'], ...budget });

/** What is compared on each table, by name. */
const BUDGETS = {
  plain: { models: ['logistic-regression', 'gradient-boosting', ...NETWORKS, `shared-bottom [${DROPOUT}]`] },
  members: { models: SHARED, ...MEMBERS },
  teacher: { models: SHARED, ...TEACHER },
  'members, teacher': { models: SHARED, ...MEMBERS, ...TEACHER },
  encoded: { models: SHARED, ...ENCODED },
  'encoded, members': { models: NETWORKS, ...ENCODED, ...MEMBERS },
  'encoded, members, teacher': { models: SHARED, ...ENCODED, ...MEMBERS, ...TEACHER },
  'decoupled decay': part({ training: { optimizer: 'adamW(weightDecay=0.05)' } }),
  'cosine schedule': part({ training: { schedule: 'cosine' } }),
  'average of weights': part({ training: { optimizer: 'adam(ema=0.99)' } }),
  'patience 20': part({ training: { patience: 20 } }),
  'batches of 256': part({ training: { batchSize: 256 } }),
};

/** Smoothed labels for yes/no tasks and classes, where a table has some. @param {Record<string, any>} tasks */
function smoothing(tasks) {
  const names = { binary: 'binary-cross-entropy', multiclass: 'cross-entropy' };
  const losses = Object.entries(tasks).flatMap(([task, declared]) => {
    const name = names[/** @type {keyof typeof names} */ (declared.kind ?? declared)];
    return name ? [[task, { kind: 'loss', name, config: { smoothing: 0.05 } }]] : [];
  });
  return losses.length === 0 ? {} : { 'label smoothing': part({ data: { losses: Object.fromEntries(losses) } }) };
}

const { values: options, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    census: { type: 'string' },
    kuairand: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    'limit-rows': { type: 'string' },
    workers: { type: 'string', default: '2' },
    reuse: { type: 'string' },
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
      file.endsWith('.json') ? [[file.slice(0, -5), tableIn(path.resolve(data, file))]] : [],
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

/** Runs `polytask`, and ends with it if it fails. @param {readonly string[]} argv @param {'ignore' | 'inherit'} stdout */
function polytask(argv, stdout) {
  const program = path.join(ROOT, 'packages/bench/bin/polytask.js');
  const { status } = spawnSync(process.execPath, [program, ...argv], { stdio: ['ignore', stdout, 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {string} base @returns {Source} */
function tableIn(base) {
  return { base, tasks: JSON.parse(readFileSync(base, 'utf8')).tasks };
}

/** Runs the suite of a table. @param {string} name @param {Source} source @returns {string} the folder of its results */
function run(name, { base, data: settings, files, tasks = {} }) {
  const target = path.resolve(/** @type {string} */ (out), name);
  const file = `${target}.suite.json`;
  const models = ['logistic-regression', 'gradient-boosting', ...NETWORKS];
  const budgets = { ...BUDGETS, ...smoothing(tasks) };
  const declaration = {
    ...{ name, extends: base, data: settings, models, experts: [DROPOUT], budgets, baseline: 'single-task' },
    seeds: Number(options.seeds),
  };
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(file, `${JSON.stringify(declaration, undefined, 2)}\n`);
  const argv = ['bench', file, '--out', target, '--workers', options.workers];
  if (files !== undefined) argv.push('--data', files);
  if (options['limit-rows'] !== undefined) argv.push('--limit-rows', options['limit-rows']);
  if (options.reuse !== undefined) argv.push('--reuse', options.reuse);
  polytask(argv, 'ignore');
  return target;
}

const folders = names.map((name) => run(name, /** @type {Source} */ (sources[name])));
polytask(['leaderboard', ...folders, '--out', out], 'inherit');
