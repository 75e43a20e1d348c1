import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openDataset, type Description } from '@polytask/data';
import Ajv from 'ajv';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schemaOfDocument } from '../options/document-schemas.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from './main.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-describe-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(argv, io);
  return { code, out: out(), err: err() };
}
const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  await writeFile(path.join(directory, name), content);
  return path.join(directory, name);
};

const draw = (i: number, n: number): number => ((i * 7919 + 13) % 1009) % n;
const PEOPLE = `age,town,note,income\n${Array.from({ length: 300 }, (_, i) => `${18 + draw(i, 60)},${'ABC'[draw(i, 3)]},same,${i % 4 ? '<=50K' : '>50K'}\n`).join('')}`;

test('explains the columns, prints the data set file, and says what to run next', async () => {
  const csv = await file('plain.csv', PEOPLE);
  const { code, out, err } = await run('describe', csv);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`plain.csv: 300 rows, 4 columns.`);
  expect(out).toMatch(/^ {2}town +categorical +0 +3 {2}3 different values\.$/m);
  expect(out).toMatch(/^ {2}note +left out, constant +0 +1 {2}Each row has "same"\. Left out\.$/m);
  expect(out).toContain('  income: binary. By its name. Yes is ">50K", the greater one: 25% of the rows.');
  expect(out).toContain('    "income": { "kind": "binary", "positive": ">50K" }');
  expect(out).toContain(`polytask describe ${csv} --out ${csv.replace('.csv', '.json')}\n`);
  expect(out).not.toContain('\u001b');
});

test('no line is longer than 100 characters, but for paths', async () => {
  const name = 'a_rather_long_name_of_a_column_that_goes_on';
  const header = Array.from({ length: 5 }, (_, c) => `${name}_${c}`).join(',');
  const csv = await file('w.csv', `${header},label\n${Array.from({ length: 100 }, (_, i) => `${Array.from({ length: 5 }, (_, c) => `a long value of ${c} with ${draw(i * 5 + c, 40)} words`).join(',')},${i % 2}\n`).join('')}`); // prettier-ignore
  const { out } = await run('describe', csv);
  const long = out.split('\n').filter((line) => line.length > 100 && !line.includes(directory));
  expect(long).toEqual([]);
});

test.each([
  ['', './node_modules'],
  ['data', '../node_modules'],
  ['data/2026/may', '../../../node_modules'],
])('--out in "%s" of a project names the schema of the installed package, which the file fits', async (below, up) => {
  const project = path.join(directory, `project-${below.length}`);
  const schema = path.join(project, 'node_modules/polytask/dist/dataset.schema.json');
  const folder = path.join(project, below);
  for (const each of [path.dirname(schema), folder]) await mkdir(each, { recursive: true });
  await writeFile(schema, JSON.stringify(schemaOfDocument('dataset')));
  const csv = await file(path.relative(directory, path.join(folder, 'people.csv')), PEOPLE);
  const out = path.join(folder, 'people.json');
  expect((await run('describe', csv, '--out', out)).code).toBe(0);

  const { $schema, ...written } = JSON.parse(await readFile(out, 'utf8')) as { readonly $schema: string };
  expect($schema).toBe(`${up}/polytask/dist/dataset.schema.json`);
  const validate = new Ajv().compile(
    JSON.parse(await readFile(new URL($schema, pathToFileURL(out)), 'utf8')) as object,
  );
  expect(validate({ $schema, ...written })).toBe(true);
  expect(validate({ $schema, ...written, features: { age: 'numric' } })).toBe(false);
  expect((await openDataset(out)).document).toEqual(written); // trials are named by it

  const plugin = await file('plugin.mjs', '');
  await run('describe', csv, '--out', out, '--force', '--import', plugin);
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual(written); // the schema doesn't know the plugin's kinds
});

test('--out writes a file that bench trains on, with a path relative to it, and never replaces one', async () => {
  const csv = await file('people.csv.gz', gzipSync(PEOPLE));
  await mkdir(path.join(directory, 'sets'));
  const out = path.join(directory, 'sets', 'people.json');
  const first = await run('describe', csv, '--out', out);
  expect(first).toMatchObject({ code: 0, err: `Written: ${out}\n` });
  expect(first.out).toContain(`polytask bench ${out} --allow-files-outside\n`);
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual({
    files: '../people.csv.gz',
    features: { age: 'numeric', town: 'categorical' },
    tasks: { income: { kind: 'binary', positive: '>50K' } },
  });
  expect((await openDataset(out, { allowFilesOutside: true })).parts(1).train.size).toBe(240);
  const bench = await run('bench', out, '--allow-files-outside', '--models', 'logistic-regression', '--seeds', '1', '--epochs', '1', '--engine', 'cpu', '--workers', '0', '--out', `${out}-results`); // prettier-ignore
  expect(bench.code).toBe(0);
  expect(bench.out).toMatch(/^logistic-regression .*0\.\d{4}/m);

  await writeFile(out, 'mine');
  const again = await run('describe', csv, '--out', out);
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toContain('received one. Pass --force to replace it, or another --out.');
  expect(await readFile(out, 'utf8')).toBe('mine');
  expect((await run('describe', csv, '--out', out, '--force')).code).toBe(0);
  expect(await readFile(out, 'utf8')).toContain('"files": "../people.csv.gz"');
});

test(
  'a large file is described by rows from all of it, and the first line says how many',
  { tags: ['long'] },
  async () => {
    const rows = 60_000; // sorted by month
    const lines = Array.from(
      { length: rows },
      (_, i) => `${1 + Math.floor((12 * i) / rows)},${draw(i, 50)},${draw(i, 2)}`,
    );
    const csv = await file('sorted.csv', `month,age,click\n${lines.join('\n')}\n`);
    const { out } = await run('describe', csv);
    expect(out.replaceAll('\n', ' ')).toContain('sorted.csv: 60,000 rows, 50,000 of them read at random, 3 columns.');
    expect(out).toMatch(/^ {2}month +categorical +0 +12 {2}Codes by its name: 12 values\.$/m);
  },
);

test('a Parquet file is described as a CSV is, without a word on delimiters', async () => {
  const data = <V>(value: (i: number) => V) => Array.from({ length: 300 }, (_, i) => value(i));
  const columnData = [
    { name: 'age', data: data((i) => draw(i, 60) / 4), type: 'DOUBLE' as const },
    { name: 'town', data: data((i) => 'ABC'[draw(i, 3)]!), type: 'STRING' as const },
    { name: 'income', data: data((i) => (i % 4 ? '<=50K' : '>50K')), type: 'STRING' as const },
  ];
  const parquet = await file('people.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  const json = path.join(directory, 'parquet.json');
  const { code, out } = await run('describe', parquet, '--out', json);
  expect([code, out.split('\n')[0]]).toEqual([0, `${parquet}: 300 rows, 3 columns.`]);
  expect((await openDataset(json)).parts(1).train.size).toBe(240);
  expect((await run('describe', parquet)).out).toContain(` --out ${parquet.replace('.parquet', '.json')}\n`);
});

test('--json is the description and nothing else; --tasks, --limit-rows, --header and --delimiter are heard', async () => {
  const csv = await file('semi.csv', PEOPLE.replaceAll(',', ';'));
  const { code, out } = await run('describe', csv, '--json', '--tasks', 'income,town', '--limit-rows', '100', '--delimiter', ';'); // prettier-ignore
  const { dataset, sample } = JSON.parse(out) as Description;
  expect(code).toBe(0);
  expect(sample).toEqual({ rows: 100, total: 300, delimiter: ';', header: true, missing: [] });
  expect([dataset.files, Object.keys(dataset.tasks)]).toEqual(['semi.csv', ['income', 'town']]);
  const tabs = await file('tabs.csv', PEOPLE.replaceAll(',', '\t'));
  const named = await run('describe', tabs, '--json', '--delimiter', 'tab', '--header', 'no');
  expect((JSON.parse(named.out) as Description).sample).toMatchObject({ rows: 301, delimiter: '\t', header: false });
});

test('what lacks a feature or a task is explained, and not written', async () => {
  const csv = await file('one.csv', 'x\n1\n2\n3\n1\n2\n3\n');
  const out = path.join(directory, 'one.json');
  const { code, out: text, err } = await run('describe', csv, '--out', out);
  expect(code).toBe(1);
  expect(text).toContain('- No column is left as a feature.');
  expect(text).not.toContain('Next');
  expect(err).toContain('Expected a feature, a task and enough rows');
  await expect(stat(out)).rejects.toThrow('ENOENT');
});

test('other formats and missing files are one message', async () => {
  expect((await run('describe', 'people.xlsx')).err).toContain(
    'Expected a CSV, JSON, JSON lines or Parquet file to describe',
  );
  expect((await run('describe', path.join(directory, 'plian.csv'))).err).toContain('Did you mean "plain.csv"?');
  const junk = await file(
    'junk.csv',
    Uint8Array.from({ length: 999 }, (_, i) => (i * 37) % 256),
  );
  expect((await run('describe', junk)).err).toContain('received bytes that are no text');
  expect(await run('describe', junk, '--header', 'maybe')).toMatchObject({ code: 2 });
});

test('docs/data.md shows what it prints', async () => {
  const root = path.resolve(import.meta.dirname, '../../../..');
  const { out } = await run('describe', path.join(root, 'examples/train-and-serve/people.csv'));
  const body = /^Columns\n[^]*(?=\n\nThe data set file)/m.exec(out)![0];
  expect(await readFile(path.join(root, 'docs/data.md'), 'utf8')).toContain(`\n${body}\n`);
});

test('bench says what to run first when it is given a CSV', async () => {
  const { code, err } = await run('bench', '--data', 'data/people.csv.gz');
  expect(code).toBe(2);
  expect(err).toContain('Run polytask describe data/people.csv.gz --out data/people.json first');
});

test('a data set file ends in .json, which is how other commands know it', async () => {
  const { code, err } = await run('describe', 'people.csv', '--out', 'people.html');
  expect(code).toBe(2);
  expect(err).toContain('a file name that ends in .json, received "people.html". Pass --out people.json.');
});
