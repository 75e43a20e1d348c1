import { binary, rowEncoder, labelsInOrder } from '@polytask/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, hashed, multiValued, numeric, shared, idSequence, sideColumn } from '../declarations/kinds.ts';
import { readParquet } from '../parquet/read-parquet.ts';
import { csvStream } from '../streams/file-streams.ts';
import { encodeStream, fitStreamSchema } from '../streams/encode-stream.ts';
import { concatenate } from '../table/concatenate.ts';
import { fromRows } from '../table/from-rows.ts';
import { joinTables } from '../table/join.ts';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';

const features = {
  item: categorical({ minCount: 2 }),
  history: idSequence({ target: 'item', maxLength: 3 }),
  days: sideColumn({ of: 'history', values: numeric({ log: true }), from: 'history_days' }),
  shops: sideColumn({ of: 'history', values: hashed({ buckets: 5 }), from: 'history_shops' }),
  last: idSequence({ values: shared({ with: 'item' }), pooling: 'last', from: 'history' }),
};
const declaration = { features, tasks: { click: binary() } };

const rows = [
  { item: 'a', history: ['b', 'c', 'b', 'd'], history_days: [9, 4, null, 0.5], history_shops: ['x', 'y', 'x', null], click: 1 }, // prettier-ignore
  { item: 'b', history: [], history_days: [], history_shops: [], click: 0 },
  { item: null, history: ['a', null], history_days: [1.25, 7], history_shops: ['z', 'x'], click: 0 },
];
const served = rows.map((row) => ({
  ...row,
  days: row.history_days,
  shops: row.history_shops,
  last: row.history,
}));
const csv = [
  'item,history,history_days,history_shops,click',
  'a,b|c|b|d,9|4||0.5,x|y|x|,1',
  'b,,,,0',
  ',a|,1.25|7,z|x,0',
].join('\n');

const table = fromRows(rows, declaration);
const schema = fitSchema(table);
const { arrays } = encode(table, schema);

describe('a sequence that shares the vocabulary of an item', () => {
  it('counts its own entries for the vocabulary, and keeps the vocabulary in one place', () => {
    // both sequences count: 5 times b, 3 times a, and twice c and d
    expect(schema.features['item']).toEqual({ kind: 'categorical', vocabulary: ['b', 'a', 'c', 'd'] });
    expect(schema.features['history']).toEqual({
      kind: 'id-sequence',
      values: { kind: 'shared', with: 'item' },
      separator: '|',
      maxLength: 3,
      pooling: 'attention',
      target: 'item',
    });
    expect(schema.features['last']).toMatchObject({ pooling: 'last', maxLength: 4 });
  });

  it('standardizes the numbers of a side column over all entries', () => {
    const logs = [9, 4, 0.5, 1.25, 7].map((value) => Math.log1p(value));
    const mean = logs.reduce((sum, value) => sum + value, 0) / 5;
    const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 5);
    const { values } = schema.features['days'] as { values: { mean: number; deviation: number } };
    expect(values.mean).toBeCloseTo(mean, 12);
    expect(values.deviation).toBeCloseTo(deviation, 12);
    const expected = [logs[1]!, mean, logs[2]!].map((value) => (value - mean) / deviation); // the last three of four
    expected.forEach((value, i) => expect(arrays.bagNumbers[i]).toBeCloseTo(value, 6));
  });

  it('is encoded alike from rows, CSV, Parquet, streams, and as a served row', async () => {
    const columns = ['history', 'history_shops', 'history_days'] as const;
    const column = (name: keyof (typeof rows)[number]) => rows.map((row) => row[name]);
    const list = (name: string, element: object) => [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', ...element },
    ];
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'item', data: column('item') as string[] },
        ...columns.map((name) => ({ name, data: column(name) as unknown[] })),
        { name: 'click', data: column('click') as number[] },
      ],
      schema: [
        { name: 'root', num_children: 5 },
        { name: 'item', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
        ...list('history', { type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
        ...list('history_shops', { type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
        ...list('history_days', { type: 'DOUBLE' }),
        { name: 'click', repetition_type: 'REQUIRED', type: 'INT32' },
      ] as never,
    });
    const halves = [0, 2].map((from) => fromRows(rows.slice(from, from + 2), declaration));
    for (const other of [parseCsv(csv, declaration), await readParquet(file, declaration), concatenate(halves)]) {
      expect(fitSchema(other)).toEqual(schema);
      expect(encode(other, schema).arrays).toEqual(arrays);
    }
    const stream = csvStream(new Blob([csv]), { ...declaration, chunkRows: 1 });
    expect(await fitStreamSchema(stream)).toEqual(schema);
    const chunks = [];
    for await (const chunk of encodeStream(stream, schema).chunks(1)) chunks.push(...chunk.bagNumbers);
    expect(chunks).toEqual([...arrays.bagNumbers]);
    expect(rowEncoder(schema)(served)).toEqual({ ...arrays, ...labelsInOrder(arrays, []) });
  });

  it('is empty for a row without a partner in a join', () => {
    const clicks = [{ user: 'u', click: 1 }, { user: 'v', click: 0 }]; // prettier-ignore
    const keyed = fromRows(clicks, { features: { user: categorical() }, tasks: { click: binary() } });
    const users = fromRows([{ user: 'u', seen: 'a|b', ages: '1|2' }], {
      features: { seen: idSequence(), ages: sideColumn({ of: 'seen', values: numeric() }) },
      tasks: {},
      keep: ['user'],
    });
    const joined = joinTables(keyed, users, 'user');
    expect([...encode(joined, fitSchema(joined)).arrays.bagWeights]).toEqual([0.5, 0.5, 0, 0]);
  });
});

describe('a search in a long history', () => {
  const search = { kinds: 'kind' };
  const searched = {
    item: categorical(),
    kind: categorical(),
    history: idSequence({ target: 'item', maxLength: 3, search }),
    kinds: sideColumn({ of: 'history', values: shared({ with: 'kind' }) }),
    days: sideColumn({ of: 'history', values: numeric() }),
  };
  const histories = Array.from({ length: 6 }, (_, r) => {
    const ids = Array.from({ length: [9, 0, 40, 3, 10_000, 7][r]! }, (_, j) => (j * j + r) % 13);
    return {
      item: `i${(5 * r) % 13}`,
      kind: r === 3 ? null : `k${r % 3}`,
      history: ids.map((id) => `i${id}`),
      kinds: ids.map((id) => (id === 12 ? null : `k${id % 3}`)),
      days: ids.map((_, j) => ids.length - j),
      click: r % 2,
    };
  });
  const declared = { features: searched, tasks: { click: binary() } };
  const long = fromRows(histories, declared);
  const fitted = fitSchema(long);

  it.each([
    ['a category', search, (row: (typeof histories)[0], j: number) => row.kinds[j] === row.kind],
    ['the id', { history: 'item' }, (row: (typeof histories)[0], j: number) => row.history[j] === row.item],
    ['either', { ...search, history: 'item' }, (row: (typeof histories)[0], j: number) => row.kinds[j] === row.kind || row.history[j] === row.item], // prettier-ignore
  ] as const)('keeps the last entries that match %s, from tables and rows alike', (_, by, matches) => {
    const features = { ...fitted.features, history: { ...fitted.features['history'], search: by } } as never;
    const received = encode(long, { ...fitted, features }).arrays;
    // the same as histories of the matches only, without a search
    const found = histories.map((row) => {
      const kept = row.history
        .flatMap((_, j) => ((row.kind !== null || !('kinds' in by)) && matches(row, j) ? [j] : []))
        .slice(-3);
      const of = <T>(list: readonly T[]) => kept.map((j) => list[j]!);
      return { ...row, history: of(row.history), kinds: of(row.kinds), days: of(row.days) };
    });
    const { search: _none, ...history } = fitted.features['history'] as { search?: object; kind: 'id-sequence' };
    const plain = { features: { ...fitted.features, history } } as never;
    const expected = rowEncoder(plain)(found);
    expect({ ...received, ...labelsInOrder(received, []) }).toMatchObject({ bagIds: expected.bagIds, bagNumbers: expected.bagNumbers, bagWeights: expected.bagWeights, ids: expected.ids }); // prettier-ignore
    const { bagIds, bagNumbers, bagWeights } = rowEncoder({ features })(histories);
    expect([bagIds, bagNumbers, bagWeights]).toEqual([expected.bagIds, expected.bagNumbers, expected.bagWeights]);
    expect(bagWeights.filter((weight) => weight > 0).length).toBeGreaterThan(6);
  });

  it.each([
    [
      { search: { days: 'kind' } },
      'Expected the search of "history" in itself, or in a side column of ids, received "days"',
    ],
    [
      { search: { kinds: 'kinds' } },
      'Expected one id to search for in "kinds", received "kinds", a side-column feature',
    ],
    [{ search: { kinds: 'kin' } }, 'Did you mean "kind"?'],
  ])('refuses %o', (wrong, message) => {
    const features = { ...fitted.features, history: { ...fitted.features['history'], ...wrong } } as never;
    expect(() => rowEncoder({ features })).toThrow(message);
  });

  it('says that it needs maxLength, and that lists of a row differ in length', () => {
    expect(() => idSequence({ target: 'item', search })).toThrow('Pass maxLength: 50.');
    const [first] = histories;
    expect(() => rowEncoder(fitted)([{ ...first!, kinds: ['k1'] }])).toThrow('Expected 9 entries in "kinds"');
    expect(() => rowEncoder(fitted)([{ ...first!, days: '1|2' }])).toThrow('as many as in "days", received 9');
  });
});

describe('what is wrong with a sequence, and where', () => {
  const read = (text: string, more: object = {}) => {
    const wrong = parseCsv(`item,history,history_days,history_shops,click\n${text}\n`, {
      ...declaration,
      name: 'views.csv',
      features: { ...features, ...more },
    });
    return encode(wrong, fitSchema(wrong));
  };

  it.each([
    ['a,b|c,1,x|y,1', 'Expected 2 entries in "days" in views.csv, line 2, as many as in "history", received 1.'],
    ['a,b|c,1|old,x|y,1', 'a number in each entry in views.csv, line 2, column "history_days", received "old"'],
  ])('%s', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('says the place of a number that the schema cannot hold', () => {
    const plain = { ...declaration, features: { ...features, days: sideColumn({ of: 'history', values: numeric(), from: 'history_days' }) } }; // prettier-ignore
    const fitted = fitSchema(fromRows(rows, plain));
    const wrong = fromRows([{ ...rows[0]!, history_days: [1, 2, 3, 1e300] }], plain);
    expect(() => encode(wrong, fitted)).toThrow(
      'In row 0, column "history_days": Expected a number that is finite in 32 bits after',
    );
  });

  it.each<[object, string]>([
    [{ shops: sideColumn({ of: 'histori', from: 'history_shops' }) }, 'received "histori", which is no feature'],
    [
      { item: hashed({ buckets: 9 }), last: shared({ with: 'days', from: 'history' }) },
      '"days", a side-column feature',
    ],
    [{ item: multiValued() }, 'received "item", a multi-valued feature'],
  ])('%o', (more, message) => {
    expect(() => read('a,b,1,x,1', more)).toThrow(message);
  });

  it('refuses options that contradict each other', () => {
    expect(() => idSequence({ pooling: 'attention' })).toThrow('received pooling: "attention" without a target');
    expect(() => idSequence({ pooling: 'mean', target: 'item' })).toThrow('received target: "item" with mean');
    expect(() => sideColumn({ of: 'history', values: numeric({ indicator: true }) })).toThrow('received "indicator"');
  });
});
