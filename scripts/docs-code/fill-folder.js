import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../workspace.js';

/** @param {string} path */
const example = (path) => readFileSync(join(ROOT, 'examples', path), 'utf8');

/**
 * Writes the files that the reader of a guide has: a table, its description, and rows to predict.
 * @param {string} directory
 */
export function fillFolder(directory) {
  const people = example('train-and-serve/people.csv');
  const withIds = people
    .trimEnd()
    .split('\n')
    .map((line, i) => `${i === 0 ? 'id' : i},${line}`);
  const files = {
    'people.csv': people,
    'people.json': example('own-data/people.json').replace('../train-and-serve/', ''),
    'sets/people.json': example('own-data/people.json').replace('../train-and-serve/', '../'),
    'new.csv': people,
    'rows.csv': people,
    'rows.csv.gz': gzipSync(withIds.join('\n')),
  };
  mkdirSync(join(directory, 'sets'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
}
