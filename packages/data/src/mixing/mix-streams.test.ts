import { labelsOf, binary, regression, arraysOf, type Batch, type Schema } from '@polytask/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { categorical, hashed, multiValued, numeric } from '../declarations/kinds.ts';
import { tableStream, type TableStream, csvStream, parquetStream } from '../streams/table-stream.ts';
import { fromRows } from '../table/from-rows.ts';
import type { Table } from '../table/table.ts';
import { mixStreams } from './mix-streams.ts';
import { mixTables } from './mix-tables.ts';

const features = {
  x: numeric({ standardize: false }),
  state: categorical(),
  user: hashed({ buckets: 7 }),
  tags: multiValued(),
};
const ofClicks = { features, tasks: { click: binary() } };
const ofStars = { features, tasks: { stars: regression({ weightFrom: 'trust' }) } };

interface Row {
  readonly [column: string]: string | number | null;
}
const rows = (count: number, from: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ x: from + i, state: `s${i % 3}`, user: `u${i % 23}`, tags: `t${i % 4}|t${i % 5}` },
    ...{ click: i % 7 === 3 ? null : i % 2, stars: i / 2, trust: 1 + (i % 3) },
  }));
const RATINGS = 10_000; // x of a rating
const tables = { clicks: fromRows(rows(900, 0), ofClicks), ratings: fromRows(rows(100, RATINGS), ofStars) };

const csvOf = (all: readonly Row[]) =>
  [Object.keys(all[0]!).join(), ...all.map((row) => Object.values(row).join())].join('\n');
async function* pieces(text: string) {
  for (let at = 0; at < text.length; at += 100) yield text.slice(at, at + 100);
}
const texts = { clicks: csvOf(rows(900, 0)), ratings: csvOf(rows(100, RATINGS)) };
const csvStreams = (chunkRows = 64) => ({
  clicks: csvStream(() => pieces(texts.clicks), { ...ofClicks, chunkRows }),
  ratings: csvStream(() => pieces(texts.ratings), { ...ofStars, chunkRows }),
});

const cut = <T extends Table>(table: T, size: number) =>
  Array.from({ length: Math.ceil(table.size / size) }, (_, i) =>
    table.subset(Array.from({ length: Math.min(size, table.size - i * size) }, (_, r) => i * size + r)),
  );
const inMemory = (size = 64) => ({
  clicks: tableStream(cut(tables.clicks, size)),
  ratings: tableStream(cut(tables.ratings, size)),
});

/** A batch's rows, each as its numbers by array. */
const rowsIn = (batch: Batch) =>
  Array.from({ length: batch.size }, (_, row) =>
    Object.fromEntries(
      arraysOf(batch).map(({ name, width, of }) => [name, [...of(batch)!.subarray(row * width, (row + 1) * width)]]),
    ),
  );
const read = async (chunks: AsyncIterable<Batch>) => {
  const all: ReturnType<typeof rowsIn> = [];
  for await (const batch of chunks) all.push(...rowsIn(batch));
  return all;
};
const numberOf = (row: ReturnType<typeof rowsIn>[number]) => row['numeric']![0]!;
const numbersOf = (drawn: Awaited<ReturnType<typeof read>>) => drawn.map(numberOf);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('mixStreams', () => {
  it.each([
    ['proportional', [900, 100], 1000],
    ['equal', [500, 500], 1000],
    [{ temperature: 2 }, [750, 250], 1000],
    [{ temperature: 2 }, [2251, 750], 3001], // 2250.75 and 750.25
  ] as const)('gives exactly the shares of %j: %j of %i rows', async (ratio, counts, size) => {
    const mixture = await mixStreams(csvStreams(), { ratio, ...(size !== 1000 && { rows: size }), seed: 1 });
    expect(Object.values(mixture.rows)).toEqual(counts);
    expect(mixture.size).toBe(size);
    for (const epoch of some([1, 2, 5], 2)) {
      const drawn = numbersOf(await read(mixture.chunks(epoch)));
      expect([drawn.filter((x) => x < RATINGS).length, drawn.filter((x) => x >= RATINGS).length]).toEqual(counts);
      if (ratio === 'proportional')
        expect(drawn.toSorted((a, b) => a - b)).toEqual([...upTo(900), ...upTo(100).map((i) => RATINGS + i)]);
    }
  });

  it('has the schema of mixTables and its rows, masks and sample weights among them', async () => {
    const mixture = await mixStreams(csvStreams(), { ratio: { temperature: 3 }, seed: 2 });
    const together = mixTables(tables);
    expectTypeOf<keyof typeof mixture.schema.tasks>().toEqualTypeOf<'click' | 'stars'>();
    expect(mixture.schema).toEqual(together.schema);
    expect(mixture.shares).toEqual(mixTables(tables, { ratio: { temperature: 3 } }).shares);
    const expected = [...rowsIn(together.tables.clicks.arrays), ...rowsIn(together.tables.ratings.arrays)];
    const byNumber = new Map(expected.map((row) => [numberOf(row), row]));
    const drawn = await read(mixture.chunks(1));
    expect(drawn).toEqual(numbersOf(drawn).map((x) => byNumber.get(x)));
    const masked = (task: string) =>
      new Set(drawn.filter((row) => row[`weights.${task}`]![0] === 0).map((row) => numberOf(row) >= RATINGS));
    expect(masked('stars')).toEqual(new Set([false])); // each click, no rating
    expect(masked('click')).toEqual(new Set([true, false])); // and a click without a label
    expect(await read(mixture.streams.ratings.chunks(1))).toEqual(rowsIn(together.tables.ratings.arrays));
    expect([mixture.streams.clicks.size, mixture.streams.ratings.size]).toEqual([900, 100]);
  });

  it('keeps the groups of each source, apart from those of the others', async () => {
    const all = {
      clicks: fromRows(rows(60, 0), { ...ofClicks, groups: 'state' }),
      ratings: fromRows(
        rows(30, RATINGS).map((row, i) => (i % 5 === 0 ? { ...row, state: null } : row)),
        { ...ofStars, groups: 'state' },
      ),
      plain: fromRows(rows(10, 2 * RATINGS), ofStars),
    };
    const groupOf = (x: number): string | undefined => {
      if (x >= 2 * RATINGS || (x >= RATINGS && (x - RATINGS) % 5 === 0)) return undefined;
      return x < RATINGS ? `clicks ${x % 3}` : `ratings ${(x - RATINGS) % 3}`;
    };
    const streams = {
      clicks: tableStream(cut(all.clicks, 7)),
      ratings: tableStream(cut(all.ratings, 7)),
      plain: tableStream([all.plain]),
    };
    for (const mixture of [mixTables(all, { seed: 1 }), await mixStreams(streams, { seed: 1 })]) {
      expect(mixture.grouped).toBe(true);
      const drawn = await read(mixture.chunks(1));
      expect(drawn.length).toBe(100);
      const seen = new Map<string, number>();
      for (const row of drawn) {
        const [name, group] = [groupOf(numberOf(row)), row['groups']![0]!];
        if (name === undefined) expect(group).toBe(-1);
        else expect(group).toBe(seen.get(name) ?? (seen.set(name, group), group));
      }
      expect([seen.size, new Set(seen.values()).size]).toEqual([6, 6]);
      expect(Math.min(...seen.values())).toBeGreaterThanOrEqual(0);
    }
    expect(mixTables(tables).grouped).toBeUndefined();
    expect((await read(mixTables(tables).chunks(1)))[0]).not.toHaveProperty('groups');
  });

  it('draws by the seed and the epoch alone, however the streams are cut', { tags: ['long'] }, async () => {
    const of = async (seed: number, epoch: number, streams = csvStreams()) =>
      numbersOf(await read((await mixStreams(streams, { ratio: 'equal', seed })).chunks(epoch)));
    const drawn = await of(3, 2);
    expect(await of(3, 2)).toEqual(drawn);
    for (const chunkRows of [1, 37, 100, 5000]) {
      expect(await of(3, 2, csvStreams(chunkRows))).toEqual(drawn);
      expect(await of(3, 2, inMemory(chunkRows) as unknown as ReturnType<typeof csvStreams>)).toEqual(drawn);
    }
    const order = (numbers: number[]) => numbers.map((x) => x >= RATINGS);
    expect(order(await of(3, 1))).not.toEqual(order(drawn));
    expect(order(await of(4, 2))).not.toEqual(order(drawn));
  });

  it('goes on in the next epoch where a stream was, and begins again where it ends', async () => {
    const { schema } = mixTables(tables);
    const sized = { schema, ratio: 'equal', rows: 500, sizes: { clicks: 900, ratings: 100 } } as const;
    for (const mixture of [
      await mixStreams(csvStreams(), { ratio: 'equal', rows: 500 }),
      await mixStreams(csvStreams(), sized),
      await mixStreams(csvStreams(), { schema, ratio: 'equal', rows: 500 }), // nobody knows the sizes
      await mixStreams(inMemory(), sized), // which get to a row without reading those before
    ]) {
      const seen: number[] = [];
      for (let epoch = 1; epoch <= 9; epoch++) seen.push(...numbersOf(await read(mixture.chunks(epoch))));
      const round = (size: number) => Array.from({ length: 250 * 9 }, (_, i) => i % size);
      expect(seen.filter((x) => x < RATINGS)).toEqual(round(900));
      expect(seen.filter((x) => x >= RATINGS).map((x) => x - RATINGS)).toEqual(round(100));
    }
  });

  it('does not read the rows before its place where a stream can skip them', async () => {
    const { clicks, ratings } = inMemory();
    const asked: number[] = [];
    const unread = {
      ...clicks,
      tables: () => {
        throw new Error('read from its first row');
      },
      tablesFrom: (row: number) => (asked.push(row), clicks.tablesFrom!(row)),
    };
    const mixture = await mixStreams(
      { clicks: unread, ratings },
      { schema: mixTables(tables).schema, ratio: 'equal', rows: 500 },
    );
    const drawn = numbersOf(await read(mixture.chunks(3)));
    expect(drawn.filter((x) => x < RATINGS)).toEqual(upTo(750).slice(500));
    expect(asked).toEqual([500]);
  });

  it(
    'knows the rows of Parquet files without reading them, and reads them from any row',
    { tags: ['long'] },
    async () => {
      const fileOf = (all: readonly Row[]) =>
        parquetWriteBuffer({
          columnData: Object.keys(all[0]!).map((name) => ({ name, data: all.map((row) => row[name]), nullable: true })),
          rowGroupSize: 70,
        });
      const streams = {
        clicks: await parquetStream([fileOf(rows(900, 0).slice(0, 333)), fileOf(rows(900, 0).slice(333))], {
          ...ofClicks,
          chunkRows: 50,
        }),
        ratings: await parquetStream(fileOf(rows(100, RATINGS)), { ...ofStars, chunkRows: 50 }),
      };
      const { schema } = mixTables(tables);
      const mixture = await mixStreams(streams, { schema, ratio: { temperature: 2 } });
      expect(mixture.rows).toEqual({ clicks: 750, ratings: 250 });
      const csv = await mixStreams(csvStreams(), { ratio: { temperature: 2 } });
      for (const epoch of some([1, 2, 3, 4], 2))
        expect(await read(mixture.chunks(epoch))).toEqual(await read(csv.chunks(epoch)));
      for (const row of [0, 1, 49, 70, 332, 333, 334, 899]) {
        const tail: number[] = [];
        for await (const table of streams.clicks.tablesFrom!(row)) tail.push(...table.columns.numbers['x']!);
        expect(tail).toEqual(upTo(900).slice(row));
      }
    },
  );
});

/** A stream that says which of its tables are asked for, and what became of it. */
function watched<S extends TableStream>(stream: S, onTable: (table: Table) => void = () => undefined) {
  const seen = { asked: 0, open: 0 };
  const { tablesFrom: _, ...rest } = stream;
  return {
    ...(rest as Omit<S, 'tablesFrom'>),
    seen,
    async *tables() {
      seen.open++;
      try {
        for await (const table of stream.tables()) {
          seen.asked++;
          onTable(table);
          yield table as Table<S['tasks']>;
        }
      } finally {
        seen.open--;
      }
    },
  };
}

describe('what a mixture holds', () => {
  const { schema } = mixTables(tables);

  it('is one table of each stream: the next is asked for when its first row is wanted', async () => {
    const [TABLE, PIECE] = [100, 4096];
    const big = fromRows(
      rows(30_000, 0).map((row) => ({ ...row, tags: '' })),
      ofClicks,
    );
    const streams = {
      clicks: watched(tableStream(cut(big, TABLE))),
      ratings: watched(tableStream(cut(tables.ratings, TABLE))),
    };
    const mixture = await mixStreams(streams, { schema, ratio: { temperature: 2 } });
    const given = { clicks: 0, ratings: 0 };
    let count = 0;
    for await (const batch of mixture.chunks(1)) {
      const ratings = labelsOf(batch, 'stars').weights.filter((weight) => weight > 0).length;
      given.ratings += ratings;
      given.clicks += batch.size - ratings;
      count += batch.size;
      for (const name of ['clicks', 'ratings'] as const) {
        const held = streams[name].seen.asked - Math.floor(given[name] / TABLE);
        expect(held).toBeGreaterThanOrEqual(0);
        expect(held).toBeLessThanOrEqual(1);
      }
      expect(batch.size).toBeLessThanOrEqual(PIECE);
    }
    expect(count).toBe(30_100);
  });

  it('is closed when its reader stops, when it ends, and when a stream fails', async () => {
    const of = (seed = 0) => {
      const { clicks, ratings } = inMemory(10);
      const streams = { clicks: watched(clicks), ratings: watched(ratings) };
      return {
        streams,
        mixture: mixStreams(streams, { schema, ratio: 'equal', rows: 9000, seed }),
        open: () => [streams.clicks.seen.open, streams.ratings.seen.open],
      };
    };
    const stopped = of();
    for await (const batch of (await stopped.mixture).chunks(1)) {
      expect(batch.size).toBe(4096);
      expect(stopped.open()).toEqual([1, 1]);
      break;
    }
    expect(stopped.open()).toEqual([0, 0]);
    const ended = of();
    await read((await ended.mixture).chunks(2));
    expect(ended.open()).toEqual([0, 0]);
    const { ratings } = inMemory(10);
    const failing = watched(tableStream(cut(tables.clicks, 10)), (table) => {
      if (table.where(0).includes('50')) throw new Error('the disk is gone');
    });
    const other = watched(ratings);
    const mixture = await mixStreams({ failing, other }, { schema, ratio: 'equal', rows: 9000 });
    await expect(read(mixture.chunks(1))).rejects.toThrow('the disk is gone');
    expect([failing.seen.open, other.seen.open]).toEqual([0, 0]);
  });
});

describe('mixStreams refuses', () => {
  const { schema } = mixTables(tables);
  const mix = (streams: Readonly<Record<string, TableStream>>, options: object = {}) => mixStreams(streams, options);

  it('shares that need rows which nobody counts', async () => {
    for (const ratio of ['proportional', { temperature: 2 }]) {
      await expect(mix(csvStreams(), { schema, ratio, rows: 10 })).rejects.toThrow(
        'Expected the number of rows of table "clicks", for shares by size, received a stream that does not say it. ' +
          'Pass sizes: { clicks: … }',
      );
    }
    await expect(mix(csvStreams(), { schema, ratio: 'equal', sizes: { clicks: 900 } })).rejects.toThrow(
      'rows of table "ratings", for the length of an epoch',
    );
    await expect(mix(csvStreams(), { schema, ratio: 'equal', rows: 10 })).resolves.toMatchObject({
      rows: { clicks: 5, ratings: 5 },
    });
  });

  it('streams that are empty or have not the rows that they are said to have', async () => {
    const { clicks, ratings } = csvStreams();
    await expect(mix({ clicks, ratings: { ...ratings, async *tables() {} } })).rejects.toThrow(
      'rows in table "ratings", received none',
    );
    await expect(mix({ clicks, ratings }, { sizes: { ratings: 99 } })).rejects.toThrow(
      'the 99 rows that table "ratings" is said to have, received 100',
    );
    const readAll = async (sizes: object, streams = csvStreams(10)) =>
      read((await mix(streams, { schema, ratio: 'equal', sizes, rows: 400 })).chunks(1));
    await expect(readAll({ clicks: 900, ratings: 101 })).rejects.toThrow(
      'the 101 rows that table "ratings" is said to have, received 100',
    );
    await expect(readAll({ clicks: 900, ratings: 95 })).rejects.toThrow(
      'the 95 rows that table "ratings" is said to have, received more',
    );
    const { clicks: all, ratings: some } = inMemory(10);
    const ended = await mix({ clicks: all, ratings: { ...some, size: 50 } }, { schema, ratio: 'equal', rows: 100 }); // 50 of each are drawn
    await expect(read(ended.chunks(1))).rejects.toThrow(
      'the 50 rows that table "ratings" is said to have, received more',
    );
    await expect(readAll({}, { clicks, ratings: { ...ratings, async *tables() {} } })).rejects.toThrow(
      'rows in table "ratings", received none',
    );
  });

  it('streams that do not go together, and a schema of others', async () => {
    const { clicks, ratings } = csvStreams();
    await expect(mix({})).rejects.toThrow('at least one table to mix, received none. Pass mixStreams({ a, b })');
    const other = { ...ratings, features: { x: numeric() } };
    await expect(mix({ clicks, other })).rejects.toThrow(
      'the features of table "clicks" in table "other" too, received others: x',
    );
    const huber = csvStream(() => pieces(csvOf(rows(9, 0))), {
      features,
      tasks: { stars: regression({ loss: 'huber' }) },
    });
    await expect(mix({ ratings, huber })).rejects.toThrow(
      'task "stars" to be the same in all tables, received another one in table "huber"',
    );
    const without: Schema = { ...schema, tasks: { clicked: binary() } };
    await expect(mix({ clicks }, { schema: without })).rejects.toThrow(
      'task "click" of table "clicks" in the schema, binary, received a schema without it. Did you mean "clicked"?',
    );
    await expect(mix({ clicks }, { schema: { ...schema, tasks: { click: regression() } } })).rejects.toThrow(
      'received a regression one',
    );
  });

  it('options that are none, before it reads anything', async () => {
    const { clicks, ratings } = inMemory();
    const streams = { clicks: watched(clicks), ratings: watched(ratings) };
    await expect(mix(streams, { ratio: 'even' })).rejects.toThrow(
      "'proportional', 'equal' or { temperature } of 1 or more",
    );
    await expect(mix(streams, { rows: 0 })).rejects.toThrow('mixStreams.rows');
    await expect(mix(streams, { sizes: { clics: 5 } })).rejects.toThrow(
      'sizes of the streams that are mixed, received "clics". Did you mean "clicks"?',
    );
    await expect(mix(streams, { sizes: { clicks: 1.5 } })).rejects.toThrow('sizes.clicks');
    await expect(mix(streams, { schema, maxCounted: 5 })).rejects.toThrow('schema or maxCounted, received both');
    await expect(mix(streams, { maxCounted: 1 })).rejects.toThrow('maxCounted');
    await expect(mix(streams, { schema, rows: 4 })).rejects.toThrow(
      'a row of table "ratings" in an epoch, or more, received none',
    );
    expect([streams.clicks.seen.asked, streams.ratings.seen.asked]).toEqual([0, 0]);
  });
});
