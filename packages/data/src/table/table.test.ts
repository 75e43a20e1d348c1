import { binary, regression } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { categorical, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { concatenate } from './concatenate.ts';
import { fromColumns, fromRows } from './from-rows.ts';
import { fromTfDataset } from './from-tf-dataset.ts';
import { type Table, createTable, tablesContent } from './table.ts';
import { parseCsv, readCsv } from '../csv/read-csv.ts';
import { readParquet } from '../parquet/read-parquet.ts';

const declaration = {
  features: { age: numeric(), state: categorical(), tags: multiValued(), x: vector({ width: 2 }) },
  tasks: { income: binary() },
};

interface Person {
  age: number | null;
  state: string | null;
  tags: string[];
  x: number[];
  income: number;
}

const person = fc.record<Person>({
  age: fc.option(fc.integer()),
  state: fc.option(fc.string({ minLength: 1 })),
  tags: fc.array(fc.constantFrom('a', 'b', 'c')),
  x: fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })),
  income: fc.constantFrom(0, 1),
});
const people = fc.array(person, { minLength: 1, maxLength: 20 });

/** The rows that a table stands for. */
function rowsOf({ columns, size }: Table): Person[] {
  const text = (name: string, row: number) => {
    const { codes, dictionary } = columns.texts[name]!;
    return codes[row]! < 0 ? null : dictionary[codes[row]!]!;
  };
  const { offsets, codes, dictionary } = columns.lists['tags']!;
  return Array.from({ length: size }, (_, row) => ({
    age: Number.isNaN(columns.numbers['age']![row]) ? null : columns.numbers['age']![row]!,
    state: text('state', row),
    tags: Array.from(codes.subarray(offsets[row], offsets[row + 1]), (code) => dictionary[code]!),
    x: Array.from(columns.vectors['x']!.values.subarray(2 * row, 2 * row + 2)),
    income: Number(text('income', row)),
  }));
}

describe('tables', () => {
  it('hold the rows that they are made of', () => {
    fc.assert(
      fc.property(people, (rows) => {
        expect(rowsOf(fromRows(rows, declaration))).toEqual(rows);
      }),
    );
  });

  it('are the same from rows and from columns, with vectors nested or flat', () => {
    fc.assert(
      fc.property(people, (rows) => {
        const column = (name: keyof Person) => rows.map((row) => row[name]);
        const nested = {
          age: column('age'),
          state: column('state'),
          tags: column('tags'),
          x: column('x'),
          income: column('income'),
        };
        const flat = { ...nested, x: Float32Array.from(rows.flatMap(({ x }) => x)) };
        expect(rowsOf(fromColumns(nested, declaration))).toEqual(rows);
        expect(rowsOf(fromColumns(flat, declaration))).toEqual(rows);
      }),
    );
  });

  it('subset takes any rows in any order', () => {
    fc.assert(
      fc.property(people, fc.array(fc.nat()), (rows, picks) => {
        const chosen = picks.map((pick) => pick % rows.length);
        const part = fromRows(rows, declaration).subset(chosen);
        expect(rowsOf(part)).toEqual(chosen.map((row) => rows[row]));
        expect(chosen.map((_, i) => part.where(i))).toEqual(chosen.map((row) => `row ${row}`));
      }),
    );
  });

  it('concatenate puts rows one after the other, with one dictionary', () => {
    fc.assert(
      fc.property(fc.array(people, { minLength: 1, maxLength: 4 }), (parts) => {
        const table = concatenate(parts.map((rows) => fromRows(rows, declaration)));
        expect(rowsOf(table)).toEqual(parts.flat());
        expect(Array.from({ length: table.size }, (_, row) => table.where(row))).toEqual(
          parts.flatMap((rows) => rows.map((_, row) => `row ${row}`)),
        );
        const { dictionary } = table.columns.texts['state']!;
        expect(new Set(dictionary).size).toBe(dictionary.length);
      }),
    );
  });

  it('refuse row numbers that are none', () => {
    const table = fromRows([{ age: 1 }, { age: 2 }], { features: { age: numeric() }, tasks: {} });
    for (const row of [2, -1, 0.5, NaN]) {
      expect(() => table.subset([0, row])).toThrow(`Expected row numbers from 0 to 1, received ${row} at place 1.`);
    }
  });

  it('refuse to be concatenated with what was read otherwise', () => {
    const ages = fromRows([{ age: 1 }], { features: { age: numeric() }, tasks: {} });
    const texts = fromRows([{ age: 1 }], { features: { age: categorical() }, tasks: {} });
    expect(() => concatenate([ages, texts])).toThrow(/column "age" as numbers in every table/);
    expect(() => concatenate([])).toThrow(/at least one table/);
  });
});

describe('fromRows', () => {
  const ages = { features: { age: numeric() }, tasks: { hours: regression({ from: 'hours_worked' }) } };

  it('names the row and the column of a value of another kind', () => {
    expect(() =>
      fromRows(
        [
          { age: 1, hours_worked: 2 },
          { age: 'forty', hours_worked: 2 },
        ],
        ages,
      ),
    ).toThrow('Expected a number in row 1, column "age", received "forty". Pass null where a value is missing.');
  });

  it('suggests the column that was meant', () => {
    expect(() => fromRows([{ agee: 1, hours_worked: 2 }], ages)).toThrow(
      'Expected column "age" in row 0, received 2 other columns. Did you mean "agee"? Pass null where a value is missing.',
    );
  });

  it('refuses nothing at all', () => {
    expect(() => fromRows([], ages)).toThrow(
      'Expected at least one row in the source, received none. Look whether the source is empty.',
    );
  });
});

describe('fromColumns', () => {
  const ages = { features: { age: numeric(), state: categorical() }, tasks: {} };

  it('names what is missing, too long or of another kind', () => {
    expect(() => fromColumns({ age: [1], stat: ['a'] }, ages)).toThrow(
      /column "state" in the object, received 2 other columns\. Did you mean "stat"/,
    );
    expect(() => fromColumns({ age: [1], state: ['a', 'b'] }, ages)).toThrow(
      /1 rows in column "state", as in column "age", received 2/,
    );
    expect(() => fromColumns({ age: [1, {}], state: ['a', 'b'] }, ages)).toThrow(
      /a number in row 1, column "age", received {}/,
    );
    expect(() => fromColumns({ age: [], state: [] }, ages)).toThrow(
      'Expected at least one row in the source, received columns of length 0. Look whether the source is empty.',
    );
  });
});

describe('fromTfDataset', () => {
  const ages = { features: { age: numeric(), x: vector({ width: 2 }) }, tasks: { income: binary() } };
  const rows = [
    { age: 41, x: [1, 2], income: 1 },
    { age: 17, x: [3, 4], income: 0 },
  ];

  it('reads rows, also as features and labels apart, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const plain = await fromTfDataset(tf.data.array(rows), ages);
    const apart = await fromTfDataset(
      tf.data.array(rows).map((row) => {
        const { income, ...xs } = row as (typeof rows)[number];
        return { xs, ys: { income } };
      }),
      ages,
    );
    expect(plain.columns.numbers).toEqual({ age: Float64Array.of(41, 17) });
    expect(plain.columns.vectors['x']!.values).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(apart.columns).toEqual(plain.columns);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what to do with a dataset of other things', async () => {
    await expect(fromTfDataset(tf.data.array([1, 2]), ages)).rejects.toThrow(
      /a dataset of objects, one for each row, received 1/,
    );
  });
});

const sameCells = {
  features: { age: numeric(), state: categorical(), tags: multiValued({ values: categorical(), separator: '|' }) },
  tasks: { rich: binary({ positive: 'yes' }), hours: regression({ weightFrom: 'trust' }) },
  keep: ['user'],
};
const HEADER = 'age,state,tags,user,rich,hours,trust';
const LINES = ['41,Utah,a|b,u1,yes,8,1', ',Ohio,,u2,no,7.5,0.5', '17,Utah,b,u1,no,,1'];
const csv = (lines = LINES, header = HEADER) => `${[header, ...lines].join('\n')}\n`;
const contentOf = (table: Table) => tablesContent({ train: table });
const parsed = (text: string) => parseCsv(text, sameCells);

describe('the content of a table', () => {
  it('is that of its cells, on every machine, whatever the file is called and whatever else is in it', async () => {
    const content = await contentOf(parsed(csv()));
    expect(content).toBe('2f6c52d85731cbf9');
    const reordered = LINES.map((line) => ['note', ...line.split(',').reverse()].join(','));
    const other = ['note', ...HEADER.split(',').reverse()].join(',');
    expect(await contentOf(parsed(csv(reordered, other)))).toBe(content);
    const file = new File([csv()], 'another name.csv');
    expect(await contentOf(await readCsv(file, sameCells))).toBe(content);
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
        { ...sameCells, features: Object.fromEntries(Object.entries(sameCells.features).reverse()) },
        { ...sameCells, tasks: Object.fromEntries(Object.entries(sameCells.tasks).reverse()) },
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
