#!/usr/bin/env node
/**
 * Trains models on the suite of tables, and compares them over all of it: docs/known-data.md has the tables.
 *
 *     npm run compare-tables -- --data DIR --out DIR [NAME …] [--census DIR] [--kuairand DIR] [--python python3]
 *         [--seeds 5] [--limit-rows N] [--workers 2] [--reuse DIR,DIR] [--core]
 *
 * DIR of `--data` is that of `npm run fetch-tables`. The suites are written there. `--out` keeps results, and a second run goes on where
 * the first one was.  With `--python`, scikit-learn and XGBoost are rows. `--core` trains the models most
 * people ask for, and nothing else: larger tables take hours otherwise. At the end `polytask leaderboard` writes the comparison.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { trainingBudget } from '@polytask/training';
import { ROOT } from '../workspace.js';

/**
 * A data set: the suite or file that opens it, settings of its data and training, its files, and its yes/no tasks.
 *
 * @typedef {{ base: string, data?: object, training?: object, files?: string, tasks?: Record<string, any> }} Source
 */

const NETWORKS = ['single-task', 'shared-bottom', 'mmoe', 'ple', 'adatt'];
const BOOSTING = 'gradient-boosting';
const LIBRARIES = ['scikit-learn', 'xgboost'];
const SHARED = ['shared-bottom', 'adatt'];
const DROPOUT = 'mlp(dropout=0.1)';
const MEMBERS = { size: { members: 8 } };
const TEACHER = { training: { teacher: 0.5 } };
const ENCODED = { data: { numbers: { kind: 'piecewise-linear', count: 48 } } };

/** As in an own table: the suite of the papers has no vectors for repeated values. */
const VALUES = { values: 'auto' };

/** A part of the recipe, of one network. @param {object} budget */
const part = (budget) => ({ models: ['shared-bottom'], ...budget });

/** What is compared on each table, by name. */
const BUDGETS = {
  plain: { models: ['logistic-regression', BOOSTING, ...NETWORKS, `shared-bottom [${DROPOUT}]`] },
  members: { models: SHARED, ...MEMBERS },
  teacher: { models: SHARED, ...TEACHER },
  'members, teacher': { models: SHARED, ...MEMBERS, ...TEACHER },
  encoded: { models: SHARED, ...ENCODED },
  'encoded, members': { models: NETWORKS, ...ENCODED, ...MEMBERS },
  'encoded, members, teacher': { models: SHARED, ...ENCODED, ...MEMBERS, ...TEACHER },
  'decoupled decay': part({
    training: { optimizer: { kind: 'optimizer', name: 'adamw', config: { weightDecay: 0.05 } } },
  }),
  'cosine schedule': part({ training: { schedule: 'cosine' } }),
  'average of weights': part({ training: { optimizer: { kind: 'optimizer', name: 'adam', config: { ema: 0.99 } } } }),
  'patience 20': part({ training: { patience: 20 } }),
  'batches of 256': part({ training: { batchSize: 256 } }),
};

/** What is compared with `--core`. */
const CORE = {
  plain: { models: ['logistic-regression', BOOSTING, 'single-task', ...SHARED] },
  'members, teacher': { models: ['shared-bottom'], ...MEMBERS, ...TEACHER },
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
    core: { type: 'boolean', default: false },
    python: { type: 'string' },
  },
  allowPositionals: true,
});
const { data, out, census, kuairand } = options;
if (data === undefined || out === undefined || !existsSync(data)) {
  console.error('Expected --data DIR, the folder of npm run fetch-tables, and --out DIR, for the results.');
  process.exit(1);
}

/** Trainings of the built-in suites as those of own data: their own few epochs are for all of their rows. */
const training = { ...trainingBudget(Number(options['limit-rows'] ?? 100_000)), headStart: 'base-rate' };

/** @type {Record<string, Source>} */
const sources = {
  ...Object.fromEntries(
    readdirSync(data).flatMap((file) =>
      file.endsWith('.json') && !file.endsWith('.suite.json')
        ? [[file.slice(0, -5), { base: file, tasks: JSON.parse(readFileSync(path.join(data, file), 'utf8')).tasks }]]
        : [],
    ),
  ),
  ...(census && {
    'census-income': { base: 'census-income', data: VALUES, training, files: census },
    'census-two-tasks': {
      ...{ base: 'census-income', data: { ...VALUES, tasks: ['income', 'marital'] } },
      ...{ training, files: census },
    },
  }),
  ...(kuairand && { 'kuairand-pure': { base: 'kuairand-pure', training, files: kuairand } }),
};
const names = positionals.length > 0 ? positionals : Object.keys(sources);
const unknown = names.filter((name) => !Object.hasOwn(sources, name));
if (unknown.length > 0) {
  console.error(`Expected tables among ${Object.keys(sources).join(', ')}, received ${unknown.join(', ')}.`);
  process.exit(1);
}

/** Runs a program, and ends with it if it fails. @param {string} program @param {readonly string[]} argv @param {'ignore' | 'inherit'} [stdout] */
function start(program, argv, stdout = 'ignore') {
  const { status } = spawnSync(program, argv, { stdio: ['ignore', stdout, 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

const POLYTASK = path.join(ROOT, 'packages/bench/bin/polytask.js');
const TREES = path.join(ROOT, 'examples/other-tools/gradient_boosting.py');

/**
 * Runs a suite of a table, whose document is written beside the tables.
 *
 * @param {string} title @param {Source} source @param {object} compared @param {(target: string, file: string, rows: string[]) => string[]} more
 * options of bench, after what must be done before
 * @returns {string} the folder of its results
 */
function run(title, { base, data: settings, training: recipe, files }, compared, more) {
  const target = path.resolve(/** @type {string} */ (out), title);
  const file = path.join(/** @type {string} */ (data), `${title}.suite.json`);
  const declared = {
    name: title,
    extends: base,
    data: settings,
    training: recipe,
    ...compared,
    seeds: Number(options.seeds),
  };
  writeFileSync(file, `${JSON.stringify(declared, undefined, 2)}\n`);
  const { 'limit-rows': limit, workers } = options;
  const rows = [
    ...(files === undefined ? [] : ['--data', files]),
    ...(limit === undefined ? [] : ['--limit-rows', limit]),
  ];
  const argv = [...rows, ...more(target, file, rows)];
  start(process.execPath, [POLYTASK, 'bench', file, '--out', target, '--workers', workers, ...argv]);
  return target;
}

/** Trains boosting of other libraries on the rows of a suite. @param {string} target @param {string} file @param {string[]} rows @returns {string[]} */
function trainElsewhere(target, file, rows) {
  const split = path.join(target, 'rows');
  const argv = ['split', file, '--seeds', options.seeds, '--format', 'csv', '--out', split, ...rows];
  start(process.execPath, [POLYTASK, ...argv]);
  const external = LIBRARIES.flatMap((library) => {
    const predictions = path.join(target, library);
    start(/** @type {string} */ (options.python), [TREES, split, '--library', library, '--out', predictions]);
    return ['--external', `${library}=${predictions}`];
  });
  rmSync(split, { recursive: true });
  return external;
}

/** @param {string} name @returns {string[]} the folders of its results */
function compare(name) {
  const source = /** @type {Source} */ (sources[name]);
  const budgets = options.core ? CORE : { ...BUDGETS, ...smoothing(source.tasks ?? {}) };
  const models = options.core ? CORE.plain.models : ['logistic-regression', BOOSTING, ...NETWORKS];
  const own = { models, ...(!options.core && { experts: [DROPOUT] }), baseline: 'single-task', budgets };
  const reuse = options.reuse === undefined ? [] : ['--reuse', options.reuse];
  const target = run(name, source, own, () => reuse);
  if (options.python === undefined) return [target];
  const beside = { models: [BOOSTING], budgets: { plain: { models: [BOOSTING] } } };
  const elsewhere = run(`${name}-elsewhere`, source, beside, (...at) => [...trainElsewhere(...at), '--reuse', target]);
  return [target, elsewhere];
}

const folders = names.flatMap(compare);
start(process.execPath, [POLYTASK, 'leaderboard', ...folders, '--out', out], 'inherit');
