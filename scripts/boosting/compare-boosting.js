#!/usr/bin/env node
/**
 * Times `boost` beside scikit-learn's HistGradientBoostingClassifier on the 199,523 training rows of census-income, with one thread and
 * the same options, and prints the ratio of times and the AUC of both on the test file:
 *
 *     npm run compare-boosting -- --data DIR [--task income] [--rounds 3] [--iterations 100] [--python FILE]
 *
 * Needs Python with scikit-learn (Debian: python3-sklearn). Times are of the processor, so that they leave out most of what
 * else the machine does. They are of a training from columns in memory: bins are found in it, and files are not read.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { boost } from '@polytask/boosting';
import { readCensusIncome } from '@polytask/data';
import { auc } from '@polytask/metrics';
import { numberOption } from '../speed/number-option.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    task: { type: 'string', default: 'income' },
    rounds: { type: 'string', default: '3' },
    iterations: { type: 'string', default: '100' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});
if (values.data === undefined) throw new Error('Pass --data DIR, where the census-income files are.');
const rounds = numberOption('rounds', values.rounds);
const numIterations = numberOption('iterations', values.iterations);

/** @typedef {Record<string, Float64Array | { codes: Int32Array }>} Columns */
/** @typedef {{ columns: Columns, labels: Float64Array }} Rows */

/** @param {import('@polytask/data').Table} table @param {Map<string, Map<string, number>>} places @returns {Rows} */
function rowsOf({ features, tasks, columns: { numbers, texts } }, places) {
  /** @type {Columns} */
  const columns = {};
  for (const name of Object.keys(features)) {
    const found = texts[name];
    if (!found) {
      columns[name] = /** @type {Float64Array} */ (numbers[name]);
      continue;
    }
    const known = places.get(name) ?? new Map();
    places.set(name, known);
    const codes = found.dictionary.map((text) => known.get(text) ?? known.set(text, known.size).get(text));
    columns[name] = { codes: found.codes.map((code) => (code < 0 ? -1 : codes[code])) };
  }
  const name = /** @type {string} */ (values.task);
  const { from = name, positive } = /** @type {import('@polytask/core').BinaryTask} */ (tasks[name]);
  const { codes, dictionary } = /** @type {{ codes: Int32Array, dictionary: readonly string[] }} */ (texts[from]);
  const isPositive = dictionary.map((text) => [positive].flat().includes(text));
  const labels = Float64Array.from(codes, (code) => Number(isPositive[code]));
  return { columns, labels };
}

/** @param {NodeJS.CpuUsage} usage */
const seconds = ({ user, system }) => (user + system) / 1e6;

/** Doubles, column by column, and then the labels. @param {Rows} rows */
const bytesOf = ({ columns, labels }) =>
  Buffer.concat(
    [...Object.values(columns), labels].map((column) => {
      const doubles =
        'codes' in column
          ? Float64Array.from(column.codes, (code) => (code < 0 ? NaN : code))
          : Float64Array.from(column);
      return new Uint8Array(doubles.buffer);
    }),
  );

const directory = mkdtempSync(join(tmpdir(), 'compare-boosting-'));
try {
  const tables = await readCensusIncome(values.data);
  /** @type {Map<string, Map<string, number>>} */
  const places = new Map();
  const [train, test] = [rowsOf(tables.train, places), rowsOf(tables.test, places)];
  writeFileSync(join(directory, 'train.bin'), bytesOf(train));
  writeFileSync(join(directory, 'test.bin'), bytesOf(test));
  writeFileSync(
    join(directory, 'options.json'),
    JSON.stringify({
      iterations: numIterations,
      categorical: Object.values(train.columns).map((column) => 'codes' in column),
    }),
  );
  const [ratios, scores] = [/** @type {number[]} */ ([]), { polytask: 0, sklearn: 0 }];
  for (let round = 0; round < rounds; round++) {
    const began = process.cpuUsage();
    const model = boost({ objective: 'binary', ...train, numIterations });
    const ours = seconds(process.cpuUsage(began));
    const predicting = process.cpuUsage();
    const predictions = model.predict(test.columns);
    const predicted = seconds(process.cpuUsage(predicting));
    scores.polytask = auc(test.labels, predictions);
    const said = execFileSync(values.python, [join(import.meta.dirname, 'time_boosting.py'), directory], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    const theirs = JSON.parse(said);
    scores.sklearn = theirs.auc;
    ratios.push(ours / theirs.train);
    console.log(
      `round ${round + 1}: boost ${ours.toFixed(2)} s, scikit-learn ${theirs.train.toFixed(2)} s, ratio ${(ours / theirs.train).toFixed(2)};` +
        ` predict ${predicted.toFixed(2)} s, ${theirs.predict.toFixed(2)} s`,
    );
  }
  ratios.sort((a, b) => a - b);
  console.log(`AUC on the test file: boost ${scores.polytask.toFixed(5)}, scikit-learn ${scores.sklearn.toFixed(5)}`);
  console.log(`ratio of training times, median: ${/** @type {number} */ (ratios[ratios.length >> 1]).toFixed(2)}`);
} finally {
  rmSync(directory, { recursive: true });
}
