import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitStreamSchema } from '../../streams/encode-stream.ts';
import { sampleStream } from '../../streams/sample-stream.ts';
import type { Texts } from '../../columns/columns.ts';
import { aliCcpStream, fieldColumns, aliExpressStream } from './alibaba.ts';
import { madeUpAliCcp, madeUpAliExpress } from './alibaba.fixture.ts';

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
    const { '7': seven, '9': nine } = fieldColumns(lists, ['7', '9']);
    expect(textsOf(seven!)).toEqual(['1', '3', undefined, undefined]);
    expect(textsOf(nine!)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
