import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { optional, text } from '@polytask/components';
import { binary } from '@polytask/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataset } from '../dataset/open-dataset.ts';
import { rowFormat, rowFormatDocument, rowStream } from '../dataset/row-format.ts';
import { categorical, numeric, multiValued } from '../declarations/kinds.ts';
import { describeFile } from '../describe/describe.ts';
import { jsonLines, jsonArray } from './json.ts';
import { defineReader } from './reader.ts';
import { readerFor, readerOf } from './readers.ts';
import { UNLIMITED } from '../limits/read-limits.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'polytask-readers-'))));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
}

const read = (path: string, features: object, tasks: object = { buys: binary() }) =>
  readerOf(path).read(UNLIMITED, path, { features, tasks } as never);

const people = Array.from({ length: 60 }, (_, i) => ({
  age: 20 + ((i * 7) % 41),
  job: ['cook', 'pilot', 'nurse'][i % 3],
  likes: [['red', 'blue', 'green'][i % 3], 'xl'],
  buys: i % 4 === 0,
}));
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

test('a file has the reader of the longest ending, in any case, or else that of CSV', () => {
  expect(['a.CSV', 'a.tsv.gz', 'A.Parquet', 'a.pq', 'a.jsonl.gz', 'a.ndjson'].map(readerFor)).toEqual([
    'csv',
    'csv',
    'parquet',
    'parquet',
    'jsonl',
    'jsonl',
  ]);
  expect(readerFor('people.data')).toBeUndefined();
  expect(readerOf('people.data')).toBe(readerOf('a.csv'));
});

test('JSON lines are described, read and streamed, packed or not', async () => {
  const path = file('people.jsonl', lines(people));
  const description = await describeFile(path, { tasks: ['buys'], files: 'people.jsonl' });
  expect(description.sample).toMatchObject({ rows: 60, total: 60 });
  expect(description.dataset.features).toMatchObject({ age: 'numeric', job: 'categorical' });
  expect(description.columns.find(({ name }) => name === 'likes')).toMatchObject({ kind: 'multi-valued' });
  const document = file('people.json', JSON.stringify(description.dataset));
  const { train, validation, test: last } = (await openDataset(document)).parts(1);
  expect(train.size + validation.size + last.size).toBe(60);

  const features = { age: numeric(), job: categorical(), likes: multiValued() };
  const packed = file('packed.jsonl.gz', gzipSync(lines(people)));
  const table = await read(packed, features);
  expect([...table.columns.numbers['age']!]).toEqual(people.map(({ age }) => age));
  const stream = await rowStream(path, { csv: {}, features, tasks: {} });
  const sizes: number[] = [];
  for await (const part of stream.tables()) sizes.push(part.size);
  expect(sizes).toEqual([60]);
  await expect(describeFile(path, { delimiter: ';' })).rejects.toThrow('no delimiter for');
});

test('a line that is no object, and a column that no row has, are named', async () => {
  const wrong = file('wrong.jsonl', '{"age": 1, "buys": 0}\n\n[1, 0]\n');
  await expect(read(wrong, { age: numeric() })).rejects.toThrow('wrong.jsonl, line 3, received [1,0]');
  const path = file('few.jsonl', '{"age": 1, "buys": 0}\n{"buys": 1}');
  const { columns } = await read(path, { age: numeric() });
  expect([...columns.numbers['age']!]).toEqual([1, NaN]); // a key that a row lacks is a missing value
  await expect(read(path, { agee: numeric() })).rejects.toThrow('received 2 other columns. Did you mean "age"?');
  await expect(read(path, { toString: numeric() })).rejects.toThrow('column "toString"');
  await expect(read(file('none.jsonl', '\n'), { age: numeric() })).rejects.toThrow('at least one row');
  const text = file('text.jsonl', '{"age": {}, "buys": 0}\n');
  await expect(read(text, { age: numeric() })).rejects.toThrow('text.jsonl, row 0, column "age"');
});

test('an id of 64 bits keeps its digits, and texts, fractions and exponents stay as they are', async () => {
  const row =
    '{"id": 12345678901234567891, "t": "a \\"12345678901234567891", "x": 0.12345678901234567, "y": 12345678901234567e1, "z": 100000000000000000000, "buys": 1}';
  const path = file('ids.jsonl', `${row}\n`);
  const { columns } = await read(path, {
    id: categorical(),
    t: categorical(),
    x: numeric(),
    y: numeric(),
    z: numeric(),
  });
  expect(columns.texts['id']!.dictionary).toEqual(['12345678901234567891']);
  expect(columns.texts['t']!.dictionary).toEqual(['a "12345678901234567891']);
  expect(['x', 'y', 'z'].map((name) => columns.numbers[name]![0])).toEqual([
    0.12345678901234567, 12345678901234567e1, 1e20,
  ]);
});

test('rows past the limits are an error', async () => {
  const document = file(
    'limited.json',
    JSON.stringify({ files: 'people.jsonl', features: { age: 'numeric' }, tasks: { buys: 'binary' } }),
  );
  await expect(openDataset(document, { limits: { rows: 59 } })).rejects.toThrow('at most 59 rows');
  await expect(openDataset(document, { limits: { bytes: 100 } })).rejects.toThrow('at most 100 bytes');
});

test('a JSON array of objects is described, read and streamed, in pieces of any size', async () => {
  const text = JSON.stringify(people, null, 1).replace('"cook"', '"co\\"],[ok"');
  const path = file('array.json', text);
  const { dataset, sample } = await describeFile(path, { tasks: ['buys'], files: 'array.json' });
  expect([sample.total, dataset.features['age']]).toEqual([60, 'numeric']);
  const features = { age: numeric(), job: categorical(), likes: multiValued() };
  const { columns } = await read(path, features);
  expect([...columns.numbers['age']!]).toEqual(people.map(({ age }) => age));
  expect(columns.texts['job']!.dictionary).toContain('co"],[ok');
  expect((await read(file('array.json.gz', gzipSync(text)), features)).columns).toEqual(columns);
  for (const size of [1, 7]) {
    const pieces = async function* () {
      for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size);
    };
    const rows: unknown[] = [];
    for await (const row of jsonArray(pieces() as never, () => undefined)) rows.push(row);
    expect(rows).toEqual(JSON.parse(text));
  }
  const wrong = (name: string, content: string) => read(file(name, content), { age: numeric() });
  await expect(wrong('a.json', '[{"age": 1, "buys": 0},\n]')).rejects.toThrow(/a\.json, row 1, .* one comma between/);
  await expect(wrong('b.json', '[{"age": 1, "buys": 0}')).rejects.toThrow('the end of the array in');
  await expect(wrong('c.json', '[{"age": 1, "buys": 0}] 1')).rejects.toThrow('nothing after the array in');
  await expect(wrong('d.json', '{"files": "a.csv"}')).rejects.toThrow(/JSON array of objects in .*names the files/);
  await expect(wrong('e.json', '[]')).rejects.toThrow('at least one row');
  await expect(openDataset(path)).rejects.toThrow(/received an array.*polytask describe array\.json --out/);
  const comma = file('comma.json', '{\n "files": "a.csv",\n}');
  await expect(openDataset(comma)).rejects.toThrow(
    'received a comma after the last entry, at line 2, column 18. Remove it.',
  );
  const ofModel = file('dataset.json', '{"features": {"age": "numeric"}, "tasks": {}, "schema": "0", "sha256": "1"}');
  await expect(openDataset(ofModel)).rejects.toThrow('received the dataset.json of a trained model');
});

test('JSON lines in UTF-16 are read by their byte order mark', async () => {
  const rows = [{ job: 'Müller' }, { job: '料理人' }];
  const text = rows.map((row) => JSON.stringify(row)).join('\n');
  const source = new Blob([new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'))]);
  const read: unknown[] = [];
  for await (const row of jsonLines(source, () => undefined)) read.push(row);
  expect(read).toEqual(rows);
});

test('values that mean no value in the CSV of a model mean none in its other files', async () => {
  const format = {
    csv: { missing: ['?', '-999'] },
    features: { age: numeric(), job: categorical(), tags: multiValued() },
    tasks: {},
  };
  const rows = [
    { age: '?', job: '?', tags: ['a', '?'] },
    { age: -999, job: 'cook', tags: '?' },
  ];
  for (const path of [
    file('missing.json', JSON.stringify(rows)),
    file('missing.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
  ]) {
    for await (const { columns } of (await rowStream(path, format)).tables()) {
      expect([...columns.numbers['age']!]).toEqual([NaN, NaN]);
      expect([...columns.texts['job']!.codes]).toEqual([-1, 0]);
      expect(columns.lists['tags']!.dictionary).toEqual(['a']);
    }
  }
});

test('a reader from outside is found by its ending and by its name, and takes options', async () => {
  const open = ({ between }: { readonly between: string }) => ({
    *rows(source: string | URL | Blob) {
      for (const line of readFileSync(source as string, 'utf8')
        .trim()
        .split('\n'))
        yield Object.fromEntries(line.split(between).map((pair) => pair.split('=') as [string, string]));
    },
  });
  const options = { between: optional(text, ' ') };
  const declared = { features: { job: 'categorical' }, tasks: { buys: 'binary' } };
  const written = (between: string) =>
    people.map(({ job, buys }) => `job=${job}${between}buys=${Number(buys)}\n`).join('');
  file('rows.pairs', written(' '));
  file('rows.txt', written(';'));
  const opened = (name: string, more: object) =>
    openDataset(file(`${name}.json`, JSON.stringify({ ...declared, ...more })));
  const named = { files: 'rows.txt', format: 'pairs(between=";")' };
  await expect(opened('named', named)).rejects.toThrow('a known kind of reader, received "pairs"');
  const pairs = defineReader('pairs', open, {
    ...{ options, endings: ['.pairs'], package: 'outside', description: 'words such as age=41' },
  });
  const byName = await opened('named', named);
  expect(byName.sizes(1)).toEqual({ train: 48, validation: 6, test: 6 });
  const bySpec = await opened('spec', { ...named, format: pairs({ between: ';' }) });
  const byEnding = await opened('ending', { files: 'rows.pairs' });
  for (const each of [bySpec, byEnding]) expect(await each.content()).toBe(await byName.content());
  await expect(opened('wrong', { ...named, format: 'pairs(betwen=";")' })).rejects.toThrow('Did you mean "between"?');

  expect((await describeFile(join(directory, 'rows.pairs'), { tasks: ['buys'] })).dataset).not.toHaveProperty('format');
  const described = { tasks: ['buys'], format: named.format };
  const { complete, dataset } = await describeFile(join(directory, 'rows.txt'), described);
  expect(complete).toBe(true);
  expect(dataset.format).toEqual(pairs({ between: ';' }));
  expect(rowFormat(rowFormatDocument({ ...dataset }), 'rows').format).toEqual(dataset.format);

  expect(() => defineReader('other', open, { options, endings: ['.jsonl'] })).toThrow('".jsonl", which "jsonl" reads');
  expect(() => defineReader('other', open, { options, endings: ['Rows'] })).toThrow('received "Rows"');
});
