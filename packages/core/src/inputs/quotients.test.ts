import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { multiTaskModel } from '../model/model.ts';
import { load } from '../saving/load.ts';
import { toBytes } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { tinyNetwork } from '../testing/tiny.ts';
import { composedRows, hashedCodes, vocabularySize } from '../features/codes.ts';
import { embed } from './embed.ts';
import { hashOf } from '../features/codes.ts';
import { featureParts, layoutOf } from '../features/layout.ts';
import type { Schema } from '../features/schema.ts';

beforeAll(() => tf.setBackend('cpu'));

const film = { kind: 'hashed', buckets: 10, quotients: 3 } as const; // 4 remainders; rows: 2 + 4 + 1 + 3

const schema = {
  features: {
    town: { kind: 'categorical', vocabulary: ['Oslo', 'Rome'] },
    film,
    seen: {
      kind: 'id-sequence',
      values: { kind: 'shared', with: 'film' },
      separator: '|',
      maxLength: 3,
      pooling: 'attention',
      target: 'film',
    },
    tags: {
      kind: 'multi-valued',
      values: { kind: 'hashed', buckets: 9 },
      separator: ',',
      maxLength: 2,
      pooling: 'sum',
    },
  },
  tasks: { click: binary() },
} as const satisfies Schema;

const codes = { ...hashedCodes(film), quotients: film.quotients };

const modelOf = (update: 'dense' | 'sparse') =>
  multiTaskModel({
    schema,
    input: embed({ dimension: 3, start: 'pytorch', update }),
    network: tinyNetwork({ units: 3 }),
    seed: 7,
  });

describe('the rows of a bucket', () => {
  it('are b mod m and b div m, and no other bucket has both', () => {
    const pairs = Array.from({ length: 10 }, (_, bucket) => composedRows(codes, 2 + bucket));
    pairs.forEach((pair, b) => expect(pair).toEqual([2 + (b % 4), 2 + 4 + 1 + Math.floor(b / 4)]));
    expect(new Set(pairs.map(String)).size).toBe(10);
    expect([0, 1].map((code) => composedRows(codes, code))).toEqual([
      [0, 6],
      [1, 6],
    ]);
    expect(vocabularySize(codes)).toBe(10);
    expect(vocabularySize(hashedCodes({ buckets: 10_000_000, quotients: 4 }))).toBe(2_500_007);
  });

  it('are two columns of a batch for single ids and for lists', () => {
    const layout = layoutOf(schema);
    expect(layout).toMatchObject({ fields: 2, slots: 5, quotients: 4, vocabulary: 4 + 10 + 11 });
    const seen = layout.places.find(({ name }) => name === 'seen')!;
    const { width, offset } = seen;
    expect(featureParts(seen)).toEqual([
      { part: 'bagIds', column: 0, width, offset },
      { part: 'bagWeights', column: 0, width, offset },
      { part: 'quotientIds', column: 1, width, offset },
    ]);
    const model = modelOf('dense');
    const batch = model.encode([{ town: 'Oslo', film: 'f1', seen: 'f1|', tags: '' }]);
    const bucket = hashOf('f1') % 10;
    const [remainder, quotient] = [4 + 2 + (bucket % 4), 4 + 7 + Math.floor(bucket / 4)];
    expect([...batch.ids]).toEqual([2, remainder]);
    expect([...batch.bagIds.slice(0, 3)]).toEqual([remainder, 4 + 1, 4]); // the entry, a missing one, padding
    expect([...batch.quotientIds]).toEqual([quotient, quotient, 4 + 6, 4 + 6]);
    model.dispose();
  });
});

describe('a composed vector', () => {
  it('is the product of its two rows', () => {
    const model = modelOf('dense');
    const table = model.store.get('input.table').variable;
    tf.tidy(() => table.assign(tf.randomNormal(table.shape, 0, 1, 'float32', 5)));
    const values = table.arraySync() as number[][];
    const batch = model.encode([{ town: 'Rome', film: 'f2', seen: 'f3|f4', tags: 'a,b' }]);
    const input = tf.tidy(() => [...model.input(model.toTensors(batch)).raw.dataSync()]);
    const product = (a: number, b: number) => values[a]!.map((value, d) => value * values[b]![d]!);
    const expected = [...values[batch.ids[0]!]!, ...product(batch.ids[1]!, batch.quotientIds[0]!)];
    input.slice(0, 6).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    const tags = [...batch.bagIds.slice(3)].map((row) => values[row]!);
    input.slice(9).forEach((value, d) => expect(value).toBeCloseTo(tags[0]![d]! + tags[1]![d]!, 6));
    model.dispose();
  });

  it('starts as that of the remainder', () => {
    const model = modelOf('sparse');
    const [table] = model.store.tables();
    expect([...table!.values.slice(3 * (4 + 6), 3 * (4 + 10))]).toEqual(Array(12).fill(1)); // the quotients
    expect(table!.values.slice(0, 3 * (4 + 6))).not.toContain(1);
    expect(table!.values.slice(3 * (4 + 10))).not.toContain(1);
    model.dispose();
  });

  it('is the same in a dense table and with sparse updates, and after saving', async () => {
    const rows = Array.from({ length: 7 }, (_, i) => ({
      town: null,
      film: `f${i}`,
      seen: i < 3 ? '' : `f${i}|x`,
      tags: 'c',
    }));
    const [dense, sparse] = [modelOf('dense'), modelOf('sparse')];
    expect(sparse.predict(rows)).toEqual(dense.predict(rows));
    const loaded = await load(await toBytes(sparse));
    expect(loaded.predict(rows)).toEqual(sparse.predict(rows));
    for (const model of [dense, sparse, loaded]) model.dispose();
  });
});
