/**
 * Writes `public/census-income.csv.gz`, the sample of the playground: random rows of the training file of census-income, with some of its
 * columns, and the labels of two tasks. The directory has `census-income.data`, as the archive at UCI has it.
 *
 *     npm run census-sample -- DIR
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { permutation, randomStream } from '@polytask/core';

const ROWS = 4500;
const SEED = 1;

/** The columns by their place in the file. */
const FEATURES = {
  ...{ age: 0, class_of_worker: 1, education: 4, industry: 8, occupation: 9, sex: 12 },
  ...{ capital_gains: 16, dividends: 18, employer_size: 30, weeks_worked: 39 },
};
const MARITAL = 7;
const INCOME = 41;

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('Pass the directory of census-income: npm run census-sample -- DIR');
const lines = (await readFile(path.join(directory, 'census-income.data'), 'utf8')).trim().split('\n');
const drawn = [...permutation(randomStream(SEED, 'census sample'), lines.length)].slice(0, ROWS);
const rows = drawn.map((line) => {
  const cells = lines[line]!.split(', ');
  const features = Object.values(FEATURES).map((place) => cells[place]!.trim());
  const labels = [cells[INCOME]!.startsWith('50000+'), cells[MARITAL] === 'Never married'];
  return [...features, ...labels.map((label) => (label ? 'yes' : 'no'))].map(quoted).join(',');
});
const header = [...Object.keys(FEATURES), 'income', 'never_married'].join(',');
await writeFile(
  path.join(import.meta.dirname, '..', 'public', 'census-income.csv.gz'),
  gzipSync(`${header}\n${rows.join('\n')}\n`, { level: 9 }),
);

function quoted(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
