import { binary, type Batch } from '@polytask/core';
import { expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, numeric } from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { encodeStream } from '../streams/encode-stream.ts';
import { csvStream } from '../streams/table-stream.ts';
import { joinTables } from '../table/join.ts';
import { groupsOf } from '../table/table.ts';
import { withGroups } from './encoded-table.ts';
import { split } from '../fitting/split.ts';

const text = 'x,user,y\n1,ann,1\n2,bob,0\n3,,1\n4,ann,0\n5,,0\n6,bob,1\n7,cy,0\n';
const declaration = { features: { x: numeric({ standardize: false }) }, tasks: { y: binary() }, groups: 'user' };
const table = parseCsv(text, declaration);

/** The groups as the rows that each row is together with. */
const together = (groups: ArrayLike<number>): number[][] =>
  Array.from(groups, (group, row) =>
    Array.from(groups).flatMap((other, r) => (group < 0 ? (r === row ? [r] : []) : other === group ? [r] : [])),
  );
const TOGETHER = [[0, 3], [1, 5], [2], [0, 3], [4], [1, 5], [6]];

it('a column of groups gives batches the group of each row, and is no feature', () => {
  const encoded = encode(table, fitSchema(table));
  expect(together(encoded.arrays.groups!)).toEqual(TOGETHER);
  expect(Object.keys(encoded.schema.features)).toEqual(['x']);
  const [ann, bob] = [encoded.arrays.groups![0], encoded.arrays.groups![1]];
  expect([...encoded.batch([5, 2, 0]).groups!]).toEqual([bob, -1, ann]);
  expect([...encoded.subset([3, 1]).arrays.groups!]).toEqual([ann, bob]);
  expect(table.subset([3]).groups).toBe('user');
});

it('it may be a feature, too, and goes through splits and joins', () => {
  const both = parseCsv(text, { ...declaration, features: { x: numeric(), user: categorical() } });
  const { train, test } = split(both, { test: 0.3, seed: 1 });
  expect(train.arrays.groups!.length + test.arrays.groups!.length).toBe(7);
  const users = parseCsv('user,age\nann,41\nbob,17\n', { features: { age: numeric() }, tasks: {}, keep: ['user'] });
  const joined = joinTables(table, users, 'user');
  expect(together(encode(joined, fitSchema(joined)).arrays.groups!)).toEqual(TOGETHER);
});

it('a stream numbers groups alike in all its pieces', async () => {
  const stream = csvStream(
    () =>
      (async function* () {
        yield text;
      })(),
    { ...declaration, chunkRows: 2 },
  );
  const chunks: Batch[] = [];
  for await (const chunk of encodeStream(stream, fitSchema(table)).chunks(1)) chunks.push(chunk);
  expect(together(chunks.flatMap(({ groups }) => [...groups!]))).toEqual(TOGETHER);
});

it('encoded rows take the groups that evaluate takes', () => {
  const { groups: _, ...plain } = declaration;
  const full = parseCsv(text.replaceAll(',,', ',dan,'), { ...plain, keep: ['user'] });
  const encoded = encode(full, fitSchema(full));
  expect(encoded.arrays.groups).toBeUndefined();
  const grouped = withGroups(encoded, groupsOf(full, 'user'));
  expect(together(grouped.arrays.groups!)).toEqual([[0, 3], [1, 5], [2, 4], [0, 3], [2, 4], [1, 5], [6]]);
  expect([...withGroups(encoded, [1e12, 0.5, 7, 1e12, 7, 0.5, -3]).arrays.groups!]).toEqual([0, 1, 2, 0, 2, 1, 3]);
  expect(() => withGroups(encoded, [1, 2])).toThrow('groups to hold 7 × 1 numbers, received 2');
});

it('a column that the rows lack is an error', () => {
  expect(() => parseCsv(text, { ...declaration, groups: 'usr' })).toThrow('"usr"');
  expect(() => parseCsv(text, { ...declaration, groups: 7 as never })).toThrow('groups');
});
