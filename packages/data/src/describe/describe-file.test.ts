import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../dataset/open-dataset.ts';
import { describeCsv, describeFile } from './describe.ts';
import type { Description } from './description.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'polytask-describe-'))));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
}

/** Opens the data set of a description, as a user of the document would. */
async function partsOf({ dataset }: Description) {
  const path = file('described.json', JSON.stringify(dataset));
  return (await openDataset(path, { allowFilesOutside: true })).parts(1);
}

const column = ({ columns }: Description, name: string) => columns.find((each) => each.name === name)!;
const draw = (i: number, n: number): number => ((i * 7919 + 13) % 10_007) % n;

describe('a large CSV', () => {
  const ROWS = 12_000;
  /** Sorted by month, as a log is. */
  const lines = Array.from(
    { length: ROWS },
    (_, i) => `${1 + Math.floor((12 * i) / ROWS)},${i},u${draw(i, 4000)},k${i},${draw(i, 90)},${draw(i, 3) % 2}`,
  );
  const text = `month,row,user_id,key,age,click\n${lines.join('\n')}\n`;

  it('is described by rows from all of it, always the same', async () => {
    const path = file('sorted.csv', text);
    const description = await describeFile(path, { rows: 1000 });
    expect(description.sample).toMatchObject({ rows: 1000, total: ROWS });
    expect(column(description, 'month')).toMatchObject({ use: 'feature', kind: 'categorical', distinct: 12 });
    expect(await describeFile(path, { rows: 1000 })).toEqual(description);
    const packed = await describeFile(file('sorted.csv.gz', gzipSync(text)), { rows: 1000, files: path });
    expect(packed).toEqual(description);
  });

  it('says of how many rows it speaks', async () => {
    const constant = text.replaceAll(/^\d+,/gm, '1,');
    const description = await describeFile(file('constant.csv', constant), { rows: 1000 });
    expect(column(description, 'month').why).toBe('Each of the 1,000 sampled rows has "1". Left out.');
  });

  it('has the labels of all rows, so that the document can be trained with', async () => {
    const gradeOf = (i: number) => (i === 4321 ? 'rare' : i === 7 ? 'NA' : 'abc'[i % 3]!);
    const tagsOf = (i: number) => (i === 5432 ? 'blue' : ['red|xl', 'red', 'xl|new', 'new|red'][i % 4]!);
    const clicks = (i: number) => (i === 6543 ? 'maybe' : String(i % 2));
    const shape = (i: number) => (i === 3210 ? '4,0' : `${1 + (i % 3)},0`);
    const rows = Array.from({ length: ROWS }, (_, i) => [i % 17, gradeOf(i), tagsOf(i), clicks(i), shape(i)]);
    const options = { rows: 500, tasks: ['grade', 'tags', 'click', 'shape'] };
    const described = {
      grade: { kind: 'multiclass', classes: ['a', 'b', 'c', 'rare'] },
      tags: { kind: 'multi-label', labels: ['blue', 'new', 'red', 'xl'] },
      click: { kind: 'multiclass', classes: ['0', '1', 'maybe'] },
      shape: { kind: 'multiclass', classes: ['1,0', '2,0', '3,0', '4,0'] },
    };
    const names = ['x', ...options.tasks];
    const csv = [names, ...rows]
      .map((cells) => cells.join(';'))
      .join('\n')
      .replace('NA', '');
    const ofText = describeCsv(csv, options);
    expect(ofText.dataset.tasks).toEqual(described);
    expect(await describeFile(file('labels.csv', csv), { ...options, files: 'data.csv' })).toEqual(ofText);
    const lines = rows.map((cells) => JSON.stringify(Object.fromEntries(names.map((name, i) => [name, cells[i]]))));
    const description = await describeFile(file('labels.jsonl', lines.join('\n').replace('"NA"', 'null')), options);
    expect(description.dataset.tasks).toEqual(described);
    expect(
      (await partsOf({ ...description, dataset: { ...description.dataset, files: 'labels.jsonl' } })).train.size,
    ).toBe(9600);
  });

  it('keeps the labels of its sample where a row can not be read', () => {
    const description = describeCsv(`${text}1,2,3\n`, { rows: 1000, tasks: ['click'] });
    expect(description.dataset.tasks).toEqual({ click: 'binary' });
    expect(description.warnings).toContainEqual(expect.objectContaining({ kind: 'ragged-rows' }));
  });

  it('tells ids that come again in other rows from those of a single row', async () => {
    const description = await describeFile(file('ids.csv', text), { rows: 600 });
    const users = column(description, 'user_id');
    expect(users.distinct).toBeGreaterThan(0.9 * 600); // as if hardly one came again
    expect(users).toMatchObject({ kind: 'hashed' });
    expect(description.dataset.features['user_id']).toEqual({ kind: 'hashed', buckets: 8192 }); // for 4000 users
    expect(column(description, 'row')).toMatchObject({ kind: 'row-id', why: 'It numbers the rows. Left out.' });
    expect(column(description, 'key')).toMatchObject({ kind: 'row-id' });
  });

  it('is read as windows-1252 where the first other byte comes late', async () => {
    const description = await describeFile(file('late.csv', Buffer.from(`${text}12,1,u1,Köln,4,1\n`, 'latin1')));
    expect(description.dataset.csv).toEqual({ encoding: 'windows-1252' });
    await expect(describeFile(join(directory, 'late.csv'), { encoding: 'utf-8' })).rejects.toThrow('Expected utf-8');
  });

  it('has its ragged rows counted to the end', async () => {
    const { warnings } = await describeFile(file('ragged.csv', `${text}12,1,u1\n12,1\n`));
    expect(warnings[0]!.message).toContain('2 rows have another number of cells');
    expect(warnings[0]!.message).toContain('line 12,002 has 3 and line 12,003 has 2. Such rows are skipped');
  });
});

describe('a Parquet file', () => {
  const ROWS = 400;
  const data = <V>(value: (i: number) => V): V[] => Array.from({ length: ROWS }, (_, i) => value(i));
  const table = (rowGroupSize?: number) =>
    parquetWriteBuffer({
      columnData: [
        { name: 'month', data: data((i) => 1 + Math.floor((12 * i) / ROWS)) },
        { name: 'at', data: data((i) => new Date(Date.UTC(2022, 0, 1 + i))) },
        { name: 'price', data: data((i) => (i % 9 ? draw(i, 800) / 8 : null)) },
        { name: 'plan', data: data((i) => ['NA', 'A', 'B'][draw(i, 3)]!) },
        { name: 'grade', data: data((i) => String(draw(i, 40))) },
        { name: 'member', data: data((i) => draw(11 * i + 5, 7) > 3) },
        { name: 'tags', data: data((i) => [`a${draw(i, 4)}`, `b${draw(i, 5)}`].slice(draw(i, 2))) },
        { name: 'vector', data: data((i) => [draw(i, 5) / 2, i / 8, 0.5]) },
        { name: 'box', data: data((i) => ({ a: i })) },
        { name: 'click', data: data((i) => BigInt(draw(7 * i + 3, 5) === 0)) },
      ],
      schema: [
        { name: 'root', num_children: 10 },
        { name: 'month', type: 'INT32', repetition_type: 'REQUIRED' },
        { name: 'at', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'REQUIRED' },
        { name: 'price', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
        { name: 'plan', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'grade', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'member', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
        { name: 'tags', converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'vector', converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'DOUBLE', repetition_type: 'REQUIRED' },
        { name: 'box', repetition_type: 'REQUIRED', num_children: 1 },
        { name: 'a', type: 'INT32', repetition_type: 'REQUIRED' },
        { name: 'click', type: 'INT64', repetition_type: 'REQUIRED' },
      ],
      ...(rowGroupSize !== undefined && { rowGroupSize }),
    });
  const path = () => file('rows.parquet', new Uint8Array(table()));

  it('is described by the types of its columns, and opens as described', async () => {
    const description = await describeFile(path(), { tasks: ['click', 'member'] });
    expect(description.sample).toEqual({ rows: ROWS, total: ROWS, missing: [] });
    expect(description.dataset).toMatchObject({
      features: {
        month: 'categorical',
        price: { kind: 'numeric', indicator: true },
        at: 'date',
        plan: 'categorical',
        grade: 'categorical',
        tags: { kind: 'multi-valued' },
        vector: { kind: 'vector', width: 3 },
      },
      tasks: { click: 'binary', member: 'binary' },
    });
    expect(description.dataset.csv).toBeUndefined();
    expect(column(description, 'plan').missing).toBe(0); // no missing markers: NA is a text
    expect(column(description, 'at')).toMatchObject({ use: 'feature', kind: 'date' });
    expect(column(description, 'box')).toMatchObject({ kind: 'nested' });
    expect(column(description, 'grade').why).toContain('stores these numbers as text');
    expect(description.warnings.filter(({ kind }) => kind !== 'few-labels')).toMatchObject([
      { kind: 'formatted-number', about: { column: 'grade' } },
    ]);
    expect(description.suggestions[0]!.message).toContain('"kind": "time", "column": "at"');
    const parts = await partsOf(description);
    expect(Object.keys(parts.train.schema.features)).toEqual(Object.keys(description.dataset.features));
    expect(parts.train.size + parts.validation.size + parts.test.size).toBe(ROWS);
  });

  it('is sampled across its row groups', { tags: ['long'] }, async () => {
    const description = await describeFile(file('groups.parquet', new Uint8Array(table(50))), { rows: 60 });
    expect(description.sample).toMatchObject({ rows: 60, total: ROWS });
    expect(column(description, 'month').distinct).toBe(12);
    const few = await describeFile(file('many.parquet', new Uint8Array(table(4))), { rows: 64 }); // 64 of 100 groups
    expect([few.sample.rows, few.sample.total, column(few, 'month').distinct]).toEqual([64, ROWS, 12]);
    expect(column(few, 'at').examples).toHaveLength(3);
  });

  it('refuses options of text files, and files that are none', async () => {
    await expect(describeFile(path(), { delimiter: ';' })).rejects.toThrow('no delimiter for a Parquet file');
    await expect(describeFile(file('no.parquet', 'a,b\n1,2\n'))).rejects.toThrow('Expected a whole Parquet file');
  });
});
