import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { multiTaskModel } from '../model/model.ts';
import { load } from '../saving/load.ts';
import { toBytes } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { tinyNetwork } from '../testing/tiny.ts';
import { decodeFeatures, rowEncoder } from '../features/rows.ts';
import { embed, type TableUpdate } from './embed.ts';
import { layoutOf } from '../features/layout.ts';
import type { Schema } from '../features/schema.ts';

beforeAll(() => tf.setBackend('cpu'));

/** An item of three vectors and a user of one; a film of two composed vectors, that a list shares. */
const features: Schema['features'] = {
  user: { kind: 'hashed', buckets: 5 },
  item: { kind: 'categorical', vocabulary: ['a', 'b'], vectors: 3 },
  again: { kind: 'shared', with: 'item' },
  film: { kind: 'hashed', buckets: 10, quotients: 2, vectors: 2 },
  seen: {
    kind: 'multi-valued',
    values: { kind: 'shared', with: 'item' },
    separator: '|',
    maxLength: 2,
    pooling: 'sum',
  },
};
const rows = [
  { user: 'u', item: 'b', again: 'a', film: 'f', seen: 'a|b' },
  { user: 'v', item: 'other', again: null, film: 'g', seen: '' },
];
const modelOf = (update: TableUpdate) =>
  multiTaskModel({
    schema: { features, tasks: { click: binary() } },
    input: embed({ dimension: 4, update }),
    network: tinyNetwork({ units: 3 }),
    seed: 7,
  });

it('gives each vector of a value rows of its own', () => {
  const layout = layoutOf({ features });
  const [item, film] = [4, 2 + 5 + 1 + 2]; // the rows of one vector
  expect(layout).toMatchObject({ fields: 1 + 3 + 3 + 2, slots: 2, quotients: 2, vocabulary: 7 + 3 * item + 2 * film });
  const { ids, bagIds } = rowEncoder({ features })(rows);
  const [b, a, unknown, missing] = [3, 2, 0, 1];
  const ofItem = (code: number) => [7 + code, 7 + item + code, 7 + 2 * item + code];
  expect([...ids.subarray(1, 7)]).toEqual([...ofItem(b), ...ofItem(a)]);
  expect([...ids.subarray(9 + 1, 9 + 7)]).toEqual([...ofItem(unknown), ...ofItem(missing)]);
  expect(ids[8]! - ids[7]!).toBe(film);
  expect([...bagIds.subarray(0, 2)]).toEqual([7 + a, 7 + b]); // a list reads the first vector
});

it('puts the vectors of a value one after the other', () => {
  const model = modelOf('dense');
  const { numeric, ids } = model.encode(rows);
  expect(numeric).toHaveLength(0);
  const [first] = tf.tidy(() => model.input(model.toTensors(model.encode(rows))).raw.arraySync());
  const table = model.store.get('input.table').variable.arraySync() as number[][];
  expect(first!.slice(4, 16)).toEqual([...ids.subarray(1, 4)].flatMap((row) => table[row]!));
  expect(first).toHaveLength((9 + 1) * 4);
  model.dispose();
});

it('starts the quotients of each vector at 1', () => {
  const model = modelOf('dense');
  const table = model.store.get('input.table').variable.arraySync() as number[][];
  const ones = table.flatMap((row, r) => (row.every((value) => value === 1) ? [r] : []));
  const from = 7 + 12; // the first row of the film
  expect(ones).toEqual([7, 8, 9, 17, 18, 19].map((row) => from + row));
  model.dispose();
});

it('is the same with sparse updates, after saving, and decoded', async () => {
  const [dense, sparse] = [modelOf('dense'), modelOf('sparse')];
  expect(sparse.predict(rows)).toEqual(dense.predict(rows));
  const loaded = await load(await toBytes(sparse));
  expect(loaded.predict(rows)).toEqual(dense.predict(rows));
  const columns = decodeFeatures(dense.encode(rows), { features });
  expect(columns.map(({ name, values }) => [name, values[0]]).slice(1, 3)).toEqual([
    ['item', 'b'],
    ['again', 'a'],
  ]);
  expect(columns.at(-1)).toMatchObject({ name: 'seen', values: ['a|b', ''] });
  for (const model of [dense, sparse, loaded]) model.dispose();
});
