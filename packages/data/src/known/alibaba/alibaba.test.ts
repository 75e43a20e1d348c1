import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitStreamSchema } from '../../streams/encode-stream.ts';
import { sampleStream } from '../../streams/sample-stream.ts';
import type { Texts } from '../../columns/columns.ts';
import { aliCcpStream, aliExpressStream, BETWEEN, fieldColumns } from './alibaba.ts';

const COLUMNS = [
  'search_id',
  ...Array.from({ length: 16 }, (_, i) => `categorical_${i + 1}`),
  ...Array.from({ length: 63 }, (_, i) => `numerical_${i + 1}`),
  'click',
  'conversion',
];

const result = (row: number): string =>
  COLUMNS.map((name, i) => {
    if (name === 'search_id') return Math.floor(row / 4);
    if (name === 'click') return Number(row % 3 === 0);
    if (name === 'conversion') return Number(row % 6 === 0);
    return name.startsWith('categorical') ? (row + i) % 5 : ((row * i) % 11) / 10;
  }).join(',');

const results = (from: number, to: number): string =>
  [COLUMNS.join(','), ...Array.from({ length: to - from }, (_, i) => result(from + i))].join('\n') + '\n';

/** The files of a country of AliExpress in the form of MTReclib, made up: 60 and 24 products in lists of four. */
const madeUpAliExpress: Readonly<Record<string, string>> = {
  'train.csv': results(0, 60),
  'test.csv': results(60, 84),
};

const features = (...list: readonly (readonly [field: string, id: number, value?: number])[]): string =>
  list.map(([field, id, value = 1]) => `${field}${BETWEEN.id}${id}${BETWEEN.value}${value}`).join(BETWEEN.features);

const common = (part: string, user: number): string =>
  `${part}${user},4,${features(['101', 1000 + user], ['121', user % 2], ['109_14', 5, 2.3979], ['109_14', 6, 0.6931])}\n`;

const impression = (part: string, row: number): string =>
  `${row},${Number(row % 3 === 0)},${Number(row % 6 === 0)},${part}${row % 12},3,` +
  `${features(['205', 500 + (row % 7)], ['206', row % 2], ['301', 9351665])}\n`;

const lines = (count: number, line: (row: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

const partOf = (part: 'train' | 'test', rows: number) => ({
  [`common_features_${part}.csv`]: lines(12, (user) => common(part, user)),
  [`sample_skeleton_${part}.csv`]: lines(rows, (row) => impression(part, row)),
});

/** The four files of Ali-CCP, made up: 240 and 60 impressions of 12 users each. */
const madeUpAliCcp: Readonly<Record<string, string>> = { ...partOf('train', 240), ...partOf('test', 60) };

const textsOf = ({ codes, dictionary }: Texts) => Array.from(codes, (code) => dictionary[code]);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-alibaba-'));
  for (const [name, text] of Object.entries({ ...madeUpAliExpress, ...madeUpAliCcp }))
    writeFileSync(join(directory, `${name}.gz`), gzipSync(text));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('AliExpress', () => {
  it('has 79 features, two labels and the list of each product', async () => {
    const { table, total } = await sampleStream(aliExpressStream(directory, 'train'), { size: 100 });
    expect([total, (await sampleStream(aliExpressStream(directory, 'test'), { size: 9 })).total]).toEqual([60, 24]);
    expect(Object.keys(table.features).length).toBe(79);
    const { search_id, click, conversion, categorical_1 } = table.columns.texts;
    expect(textsOf(search_id!).slice(2, 6)).toEqual(['0', '0', '1', '1']);
    expect(textsOf(click!).slice(0, 7)).toEqual(['1', '0', '0', '1', '0', '0', '1']);
    expect(textsOf(conversion!).slice(0, 7)).toEqual(['1', '0', '0', '0', '0', '0', '1']);
    expect(textsOf(categorical_1!).slice(0, 5)).toEqual(['1', '2', '3', '4', '0']);
    expect(table.columns.numbers['numerical_63']![1]).toBeCloseTo(((16 + 63) % 11) / 10, 12);
  });

  it('says where a missing file is published', () => {
    expect(() => aliExpressStream(join(directory, 'NL'), 'train')).toThrow('https://tianchi.aliyun.com/dataset/74690');
  });
});

describe('Ali-CCP', () => {
  it('joins impressions with the common features of their users', async () => {
    const { table, total } = await sampleStream(await aliCcpStream(directory, 'train'), { size: 1000 });
    expect([table.size, total, Object.keys(table.features).length]).toEqual([240, 240, 18]);
    const { field_101, field_121, field_122, field_205, field_301, click } = table.columns.texts;
    const rows = Array.from({ length: 240 }, (_, row) => row);
    expect(textsOf(field_101!)).toEqual(rows.map((row) => String(1000 + (row % 12))));
    expect(textsOf(field_121!)).toEqual(rows.map((row) => String((row % 12) % 2)));
    expect(textsOf(field_122!)).toEqual(rows.map(() => undefined));
    expect(textsOf(field_205!)).toEqual(rows.map((row) => String(500 + (row % 7))));
    expect(new Set(textsOf(field_301!))).toEqual(new Set(['9351665']));
    expect(textsOf(click!)).toEqual(rows.map((row) => String(Number(row % 3 === 0))));
    expect(table.columns.lists).toEqual({});
  });

  it('can be read again and again, for a schema and for training', async () => {
    const stream = await aliCcpStream(directory, 'test');
    const schema = await fitStreamSchema(stream);
    expect(await fitStreamSchema(stream)).toEqual(schema);
    expect(schema.tasks.click).toMatchObject({ fitted: { rate: 1 / 3 } });
  });

  it('says where a missing file is published', async () => {
    await expect(aliCcpStream(join(directory, 'x'), 'test')).rejects.toThrow('https://tianchi.aliyun.com/dataset/408');
  });
});

describe('lists of features', () => {
  it('give the fields that are asked for, and none for an entry of another form', () => {
    const dictionary = ['7\u00021\u00031.0', '70\u00022\u00031.0', '7\u00023\u00030.5', 'odd'];
    const lists = {
      offsets: Uint32Array.of(0, 2, 3, 3, 5),
      codes: Int32Array.of(0, 1, 2, 3, 1),
      dictionary,
      separator: '',
    };
    const { field_7: seven, field_9: nine } = fieldColumns(lists, ['7', '9']);
    expect(textsOf(seven!)).toEqual(['1', '3', undefined, undefined]);
    expect(textsOf(nine!)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
