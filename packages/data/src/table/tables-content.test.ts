import { binary, regression } from '@polytask/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { parseCsv, readCsv } from '../csv/read-csv.ts';
import { categorical, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { readParquet } from '../parquet/read-parquet.ts';
import { concatenate } from './concatenate.ts';
import { createTable, type Table } from './table.ts';
import { tablesContent } from './tables-content.ts';

const declaration = {
  features: { age: numeric(), state: categorical(), tags: multiValued({ values: categorical(), separator: '|' }) },
  tasks: { rich: binary({ positive: 'yes' }), hours: regression({ weightFrom: 'trust' }) },
  keep: ['user'],
};
const HEADER = 'age,state,tags,user,rich,hours,trust';
const LINES = ['41,Utah,a|b,u1,yes,8,1', ',Ohio,,u2,no,7.5,0.5', '17,Utah,b,u1,no,,1'];
const csv = (lines = LINES, header = HEADER) => `${[header, ...lines].join('\n')}\n`;
const contentOf = (table: Table) => tablesContent({ train: table });
const parsed = (text: string) => parseCsv(text, declaration);

describe('the content of a table', () => {
  it('is that of its cells, on every machine, whatever the file is called and whatever else is in it', async () => {
    const content = await contentOf(parsed(csv()));
    expect(content).toBe('2f6c52d85731cbf9');
    const reordered = LINES.map((line) => ['note', ...line.split(',').reverse()].join(','));
    const other = ['note', ...HEADER.split(',').reverse()].join(',');
    expect(await contentOf(parsed(csv(reordered, other)))).toBe(content);
    const file = new File([csv()], 'another name.csv');
    expect(await contentOf(await readCsv(file, declaration))).toBe(content);
    const halves = [csv(LINES.slice(0, 1)), csv(LINES.slice(1))].map(parsed);
    expect(await contentOf(concatenate(halves))).toBe(content);
    const more = parsed(csv(['1,Iowa,c,u9,yes,1,1', ...LINES]));
    expect(await contentOf(more.subset([1, 2, 3]))).toBe(content);
  });

  it.each([
    ['a number', 0, '42,Utah,a|b,u1,yes,8,1'],
    ['a text', 0, '41,Ohio,a|b,u1,yes,8,1'],
    ['a missing cell', 1, '0,Ohio,,u2,no,7.5,0.5'],
    ['a list', 0, '41,Utah,b|a,u1,yes,8,1'],
    ['a label', 0, '41,Utah,a|b,u1,no,8,1'],
    ['a missing label', 2, '17,Utah,b,u1,no,0,1'],
    ['a sample weight', 0, '41,Utah,a|b,u1,yes,8,2'],
    ['a group', 0, '41,Utah,a|b,u2,yes,8,1'],
  ])('is another one with another cell: %s', async (_, at, line) => {
    const changed = LINES.map((each, i) => (i === at ? line : each));
    expect(changed).not.toEqual(LINES);
    expect(await contentOf(parsed(csv(changed)))).not.toBe(await contentOf(parsed(csv())));
  });

  it('is another one with rows in another order or part, and with features or tasks in another order', async () => {
    const table = parsed(csv());
    const contents = await Promise.all([
      contentOf(table),
      contentOf(table.subset([1, 0, 2])),
      tablesContent({ test: table }),
      tablesContent({ train: table, test: table }),
      tablesContent({ train: table, validation: table }),
      ...[
        { ...declaration, features: Object.fromEntries(Object.entries(declaration.features).reverse()) },
        { ...declaration, tasks: Object.fromEntries(Object.entries(declaration.tasks).reverse()) },
      ].map((each) => contentOf(parseCsv(csv(), each))),
    ]);
    expect(new Set(contents).size).toBe(contents.length);
    expect(await tablesContent({ train: table, test: undefined })).toBe(contents[0]);
  });

  it('is the same from CSV and from Parquet, for vectors and for missing numbers, whatever the bits of their NaN', async () => {
    const own = { features: { a: numeric(), v: vector({ columns: ['v1', 'v2'] }) }, tasks: {} };
    const columnData = [
      { name: 'a', data: [1.5, null] as number[], type: 'DOUBLE' as const, nullable: true },
      { name: 'v1', data: [1, 2], type: 'DOUBLE' as const },
      { name: 'v2', data: [3, 4], type: 'DOUBLE' as const },
    ];
    const fromParquet = await readParquet(new Uint8Array(parquetWriteBuffer({ columnData })), own);
    const content = await contentOf(fromParquet);
    expect(await contentOf(parseCsv('a,v1,v2\n1.5,1,3\n,2,4\n', own))).toBe(content);
    const otherNaN = new Float64Array(new BigUint64Array([0x3ff8000000000000n, 0xfff8000000000001n]).buffer);
    expect(otherNaN[1]).toBeNaN();
    const columns = { ...fromParquet.columns, numbers: { ...fromParquet.columns.numbers, a: otherNaN } };
    expect(await contentOf(createTable(own, columns, 2, String))).toBe(content);
  });
});
