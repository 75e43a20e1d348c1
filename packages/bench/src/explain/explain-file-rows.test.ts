import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ExplainedRows } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';

let directory: string;
const at = (name: string) => path.join(directory, name);

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main([...argv, '--engine', 'cpu'], io);
  return { code, out: out().replace(/\s+/g, ' '), err: err() };
}

const NAMES = ['age', 'state', 'a', 'b', 'c', 'd', 'e', 'rich', 'hours'];
const people = Array.from({ length: 200 }, (_, i) => {
  const numbers = Array.from({ length: 5 }, (_, n) => ((i * 31 * (n + 3)) % 17) / 4);
  const age = i % 10 === 3 ? '' : 20 + i / 5;
  return [
    age,
    i % 3 ? 'Utah' : 'Ohio',
    ...numbers,
    i % 3 && i > 90 !== (i % 11 === 0) ? 'yes' : 'no',
    i % 7 === 2 ? '' : i % 7,
  ];
});
const write = (name: string, rows: readonly unknown[][], columns = NAMES) =>
  writeFile(
    at(name),
    [columns, ...rows.map((row) => columns.map((column) => row[NAMES.indexOf(column)]))].map(
      (row) => `${row.join()}\n`,
    ),
  );

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-rows-'));
  await write('people.csv', people);
  const features = {
    age: 'numeric',
    state: 'categorical',
    a: 'numeric',
    b: 'numeric',
    c: 'numeric',
    d: 'numeric',
    e: 'numeric',
  };
  const tasks = { rich: { kind: 'binary', positive: 'yes' }, hours: 'regression' };
  await writeFile(at('people.json'), JSON.stringify({ files: 'people.csv', features, tasks }));
  const network = ['--model', 'ple', '--levels', '4', '--tower', '2', '--embedding', '2', '--epochs', '1'];
  expect((await run('train', at('people.json'), '--out', at('network'), '--no-boosting', ...network)).code).toBe(0);
  expect((await run('train', at('people.json'), '--out', at('trees'), '--model', 'gradient-boosting')).code).toBe(0);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const explained = async (...argv: string[]) =>
  JSON.parse((await run('explain', ...argv, '--json')).out) as ExplainedRows;
const outputsOf = ({ rows }: ExplainedRows) =>
  rows.flatMap(({ tasks }) => Object.values(tasks).flatMap(({ outputs }) => outputs));

test('a network is compared with rows of the file, and trees with those of their training', async () => {
  const sums = (each: ExplainedRows) => {
    for (const { base, value, contributions } of outputsOf(each))
      expect(Object.values(contributions).reduce((a, b) => a + b, base)).toBeCloseTo(value, 9);
    return { ...each, rows: each.rows.map(({ row }) => row), schema: Object.keys(each.schema) };
  };
  const network = await explained(at('network'), at('people.csv'), '--rows', '4,2');
  expect(sums(network)).toEqual({
    ...{ method: 'sampling', background: 100, source: 'people.csv', schema: ['rich', 'hours'] },
    rows: [`${at('people.csv')}, line 5`, `${at('people.csv')}, line 3`],
  });
  expect(network.rows[0]!.values).toEqual({
    age: null,
    state: 'Ohio',
    ...{ a: 1.75, b: 3.75, c: 1.5, d: 3.5, e: 1.25 },
  });
  expect(Object.keys(outputsOf(network)[0]!.experts!.units)).toEqual(['rich', 'hours', 'shared']);
  const trees = await explained(at('trees'), at('people.csv'), '--rows', '2');
  expect(sums(trees)).toMatchObject({ method: 'trees', background: 0, source: null });
  const others = await explained(at('trees'), at('people.csv'), '--rows', '2', '--background', at('people.csv'));
  expect(sums(others)).toMatchObject({ method: 'trees', background: 100, source: 'people.csv' });
  outputsOf(others).forEach(({ value }, i) => expect(value).toBeCloseTo(outputsOf(trees)[i]!.value, 12));
  expect(outputsOf(others)[0]!.base).not.toBe(outputsOf(trees)[0]!.base);
});

test('the order of columns and rows changes nothing, a second run gives the same, and labels are not needed', async () => {
  await write('again.csv', people.slice(0, 30).reverse(), ['e', 'd', 'c', 'b', 'a', 'state', 'age']);
  for (const model of ['network', 'trees']) {
    const run = (file: string, rows: string) =>
      explained(at(model), at(file), '--rows', rows, '--background', at('people.csv'));
    const before = outputsOf(await run('people.csv', '30-30'));
    expect(outputsOf(await run('again.csv', '1'))).toEqual(before);
    expect(outputsOf(await run('people.csv', '30-30'))).toEqual(before);
  }
});

test('the report has a sentence, a table and bars; what does not fit is refused', async () => {
  const args = [at('network'), at('people.csv'), '--rows', '1', '--out', at('rows.html')];
  const { out, err } = await run('explain', ...args);
  expect(err).toContain('Written');
  expect(out).toMatch(/compared with 100 random rows of people.csv: .* ±: the standard error, over the rows/);
  expect(out).toMatch(
    /people.csv, line 2 rich: [\d.]+% for yes, log-odds −?[\d.]+ \(base value .*\)\. By the last level: its own experts [+−][\d.]+, shared experts [+−][\d.]+, and its gates [+−][\d.]+\. feature value contribution ± /,
  );
  expect(out).toMatch(/hours: [\d.]+ \(base value/);
  expect(await readFile(at('rows.html'), 'utf8')).toContain('contribution (log-odds)');
  const refused = async (message: string, ...argv: string[]) => {
    const { code, err } = await run('explain', at('trees'), at('people.csv'), ...argv);
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining(message)]);
    expect(code).not.toBe(0);
  };
  await refused('row numbers up to 200, the rows of', '--rows', '201-201');
  await refused('a range (6-10), received "0"', '--rows', '0');
  await write('one.csv', people.slice(0, 1));
  const alone = await run('explain', at('network'), at('one.csv'), '--rows', '1');
  expect(alone.err).toContain('Pass --background with a file like the training rows');
  expect((await run('explain', at('trees'), at('one.csv'), '--rows', '1')).code).toBe(0);
  await refused('--by is for an explanation of all rows', '--rows', '1', '--by', 'state');
  await refused('--background needs --rows', '--background', at('people.csv'));
});
