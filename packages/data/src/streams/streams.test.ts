import { labelsOf, binary, multiclass, regression, arraysOf, type Batch } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, hashed, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { ValueCounts } from '../statistics/counts.ts';
import { csvStream } from './file-streams.ts';
import { encodeStream, fitStreamSchema } from './encode-stream.ts';
import { tableStream } from './table-stream.ts';

const declaration = {
  features: {
    age: numeric({ indicator: true }),
    money: numeric({ log: true }),
    state: categorical({ minCount: 2 }),
    user: hashed({ buckets: 7 }),
    tags: multiValued(),
    e: vector({ columns: ['age2', 'money'] }),
  },
  tasks: {
    click: binary(),
    stars: multiclass(),
    seconds: regression({ weightFrom: 'trust' }),
    stayed: binary({ from: 'time', above: 0 }),
  },
};
const HEADER = 'age,age2,money,state,user,tags,click,stars,seconds,trust,time\n';
const line = (i: number) =>
  `${i % 7 === 3 ? '' : (i * 37) % 80},${i},${(i * i) % 1013},s${(i * i) % 11},u${i % 23},t${i % 3}|t${i % 5},` +
  `${i % 2},${i % 4},${i / 8},${i % 3},${i % 5 === 4 ? '' : (i % 3) * 10}\n`;
const text = HEADER + Array.from({ length: 500 }, (_, i) => line(i)).join('');

async function* pieces(size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const rowsOf = async (chunks: AsyncIterable<Batch>) => {
  const numbers: Record<string, number[]> = {};
  const sizes: number[] = [];
  for await (const chunk of chunks) {
    sizes.push(chunk.size);
    for (const { name, of } of arraysOf(chunk)) (numbers[name] ??= []).push(...of(chunk)!);
  }
  return { numbers, sizes };
};

describe('a stream of a CSV', () => {
  const table = parseCsv(text, declaration);
  const schema = fitSchema(table);

  it.each([1, 100, 499, 100_000])(
    'has the schema and the rows that the whole table has, in pieces of about %i rows',
    async (chunkRows) => {
      const stream = csvStream(() => pieces(1000), { ...declaration, chunkRows });
      expect(await fitStreamSchema(stream)).toEqual(schema); // means and deviations to the last bit
      for (let pass = 0; pass < 2; pass++) {
        const { numbers, sizes } = await rowsOf(encodeStream(stream, schema).chunks(1));
        const whole = await rowsOf(
          (async function* () {
            yield encode(table, schema).arrays;
          })(),
        );
        expect(numbers).toEqual(whole.numbers);
        expect(sizes.slice(0, -1).every((size) => size >= chunkRows && size < chunkRows + 50)).toBe(true); // 1,000 characters are fewer
        expect(sizes.length > 1).toBe(chunkRows < 499);
        expect(sizes.reduce((a, b) => a + b, 0)).toBe(500);
      }
    },
  );

  it('keeps the lines of messages across pieces, and refuses what is no size', async () => {
    const wrong = () =>
      (async function* () {
        yield text;
        yield `${line(500).replace(/^[^,]*/, 'old')}`;
      })();
    const read = async () => {
      for await (const each of csvStream(wrong, { ...declaration, chunkRows: 10, name: 'a.csv' }).tables()) void each;
    };
    await expect(read()).rejects.toThrow('a.csv, line 502, column "age", received "old"');
    expect(() => csvStream('a.csv', { ...declaration, chunkRows: 0 })).toThrow(
      'a whole number of 1 or more for chunkRows, received 0',
    );
    await expect(
      fitStreamSchema(
        csvStream(() => pieces(9), declaration),
        { maxCounted: 1 },
      ),
    ).rejects.toThrow('maxCounted');
  });

  it('is that of its files, or tables, one after the other', async () => {
    const two = csvStream([() => pieces(300), () => pieces(70)], declaration);
    const tables = tableStream([table, table]);
    expect(tables.size).toBe(1000);
    const expected = await rowsOf(encodeStream(tables, schema).chunks(1));
    expect((await rowsOf(encodeStream(two, schema).chunks(1))).numbers).toEqual(expected.numbers);
    expect(() => tableStream([])).toThrow('at least one table');
  });
});

describe('a label from a column of numbers', () => {
  it('is yes above the number, and missing where the column is', () => {
    const { labels, weights } = labelsOf(
      encode(parseCsv(text, declaration), fitSchema(parseCsv(text, declaration))).arrays,
      'stayed',
    );
    for (let i = 0; i < 500; i++) {
      expect(weights[i]).toBe(i % 5 === 4 ? 0 : 1);
      expect(labels[i]).toBe(i % 5 === 4 ? 0 : Number(i % 3 > 0));
    }
    const both = { ...declaration, tasks: { stayed: binary({ from: 'time', above: 0, positive: '10' }) } };
    expect(() => parseCsv(text, both)).toThrow('received both. Write binary({ above: 0 })');
  });
});

describe('counting more values than there is room for', () => {
  it('forgets the rarest and keeps the count of the others', () => {
    const counts = new ValueCounts(4);
    counts.add(['a', 'b', 'c', 'd'], [5, 3, 2, 1]);
    counts.add(['e', 'a'], [1, 1]);
    expect(counts.ranked()).toEqual([
      ['a', 6],
      ['b', 3],
    ]);
    counts.add(['c', 'b'], [1, 1]);
    expect(counts.ranked()).toEqual([
      ['a', 6],
      ['b', 4],
      ['c', 1],
    ]);
  });
});
