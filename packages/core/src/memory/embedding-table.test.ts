import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { embed, type EmbedOptions } from '../inputs/embed.ts';
import { emptyBatch, type Batch } from '../features/batch.ts';
import { featureTensors } from '../features/batch-tensors.ts';
import { multiTaskModel } from '../model/model.ts';
import { readParameters, writeParameters } from '../saving/parameters.ts';
import { binary } from '../tasks/binary.ts';
import { tinyNetwork } from '../testing/tiny.ts';
import { asLayer } from '../tf-layers/model-layer.ts';
import { EmbeddingTable } from './embedding-table.ts';
import { gatheredShape, uniqueIds } from '../features/batch-tensors.ts';

beforeAll(() => tf.setBackend('cpu'));

const schema = {
  features: {
    user: { kind: 'hashed', buckets: 40 },
    tags: {
      kind: 'multi-valued',
      values: { kind: 'hashed', buckets: 20 },
      separator: ',',
      maxLength: 3,
      pooling: 'mean',
    },
  },
  tasks: { click: binary() },
} as const;

const modelOf = (config: EmbedOptions) =>
  multiTaskModel({ schema, input: embed({ dimension: 4, ...config }), network: tinyNetwork({ units: 3 }), seed: 7 });

const rows = Array.from({ length: 9 }, (_, i) => ({ user: `u${i % 4}`, tags: i % 3 === 0 ? '' : `t${i},t1` }));

/** Five rows of two numbers: row r holds 2r and 2r + 1. */
const counted = () => new EmbeddingTable('t', [5, 2], () => Float32Array.from({ length: 10 }, (_, i) => i));

describe('a table', () => {
  it('draws its start at the first use, as a dense table of its name', async () => {
    const [dense, sparse] = [modelOf({ update: 'dense' }), modelOf({ update: 'sparse' })];
    expect(await readParameters(sparse.store)).toEqual(await readParameters(dense.store));
    expect(sparse.parameterCount).toBe(dense.parameterCount);
    let draws = 0;
    const table = new EmbeddingTable('t', [2, 1], () => (draws++, new Float32Array(2)));
    expect(draws).toBe(0);
    expect(table.values).toBe(table.values);
    expect(draws).toBe(1);
    for (const model of [dense, sparse]) model.dispose();
  });

  it('predicts what a dense table predicts', () => {
    const [dense, sparse] = [modelOf({ update: 'dense' }), modelOf({ update: 'sparse' })];
    expect(sparse.predict(rows)).toEqual(dense.predict(rows));
    for (const model of [dense, sparse]) model.dispose();
  });

  it('gathers rows in the order of the ids, over several blocks', () => {
    const big = new EmbeddingTable('big', [2000, 3], () => Float32Array.from({ length: 6000 }, (_, i) => i));
    const ids = Int32Array.from({ length: 700 }, (_, k) => (k * 37) % 2000);
    const gathered = new Float32Array(700 * 3);
    big.gather(ids, gathered);
    expect([...gathered]).toEqual([...ids].flatMap((id) => [3 * id, 3 * id + 1, 3 * id + 2]));
  });

  it('tells which rows change, before they do, until all numbers are replaced', () => {
    const table = counted();
    const seen: unknown[] = [];
    table.watch((ids) => void seen.push([[...ids], [...table.values]]));
    table.edit(Int32Array.of(3)).set([-1, -2], 6);
    expect(table.edit(Int32Array.of(1, 4))).toBe(table.values);
    expect(seen).toEqual([
      [[3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      [
        [1, 4],
        [0, 1, 2, 3, 4, 5, -1, -2, 8, 9],
      ],
    ]);
    table.set(new Float32Array(10));
    table.edit(Int32Array.of(0)).set([1, 1]);
    expect(seen).toHaveLength(2);
  });

  it('copies with set, and keeps the array with adopt', () => {
    const [array, table] = [new Float32Array(10).fill(3), counted()];
    table.set(array);
    table.edit(Int32Array.of(0)).set([1, 1]);
    expect(array[0]).toBe(3);
    table.adopt(array);
    expect(table.values).toBe(array);
    expect(() => table.adopt(new Float32Array(9))).toThrow('Expected 10 numbers for the table "t" [5,2], received 9');
  });

  it('refuses ids outside of it', () => {
    for (const id of [-1, 5])
      expect(() => counted().gather(Int32Array.of(id), new Float32Array(2))).toThrow(
        `Expected ids from 0 to 4 for the table "t", received ${id}`,
      );
  });
});

describe('the ids of a batch', () => {
  const { layout } = { layout: modelOf({ update: 'sparse' }).layout };
  const batch = (ids: number[], bagIds: number[]): Batch => ({
    ...emptyBatch(ids.length, layout),
    ids: Int32Array.from(ids),
    bagIds: Int32Array.from(bagIds),
  });

  it('are found once each, with their positions', () => {
    const given = batch([7, 3, 7], [50, 7, 50, 60, 42, 42, 3, 3, 3]);
    const { ids, positions } = uniqueIds(given);
    expect([...ids]).toEqual([7, 3, 50, 60, 42]);
    for (const part of ['ids', 'bagIds'] as const) expect(positions[part].map((at) => ids[at]!)).toEqual(given[part]);
  });

  it('agree with a Set for many ids, also next to one another', () => {
    const many = Array.from({ length: 3000 }, (_, i) => (i * i) % 1717);
    const { ids } = uniqueIds(batch(many, []));
    expect([...ids]).toEqual([...new Set(many)]);
    expect(uniqueIds(batch([], [])).ids).toHaveLength(0);
  });

  it('are at most as many as the columns have, and as the table has rows', () => {
    const table = { rows: 62, dimension: 4 } as EmbeddingTable;
    expect(gatheredShape(table, layout, 5)).toEqual([20, 4]); // one field and three slots
    expect(gatheredShape(table, layout, 500)).toEqual([62, 4]);
  });
});

it('the update is sparse by default from 2²⁰ numbers', () => {
  const tablesOf = (buckets: number, update?: 'dense') => {
    const features = { id: { kind: 'hashed', buckets: buckets - 2 } } as const;
    const input = embed({ dimension: 16, ...(update && { update }) });
    const model = multiTaskModel({
      schema: { features, tasks: schema.tasks },
      input,
      network: tinyNetwork({ units: 1 }),
      seed: 7,
    });
    const shapes = model.store.tables().map(({ shape }) => shape);
    model.dispose();
    return shapes;
  };
  expect(tablesOf(2 ** 16 - 1)).toEqual([]);
  expect(tablesOf(2 ** 16)).toEqual([[2 ** 16, 16]]);
  expect(tablesOf(2 ** 16, 'dense')).toEqual([]);
});

it('parameters are written as copies, unless they are handed over', async () => {
  const [from, to] = [modelOf({ update: 'sparse' }), modelOf({ update: 'sparse' })];
  const tensors = await readParameters(from.store);
  const [source, target] = [from.store.tables()[0]!, to.store.tables()[0]!];
  expect(tensors['input.table']!.data).toBe(source.values); // no copy of a large table
  writeParameters(to.store, tensors, 'the copy');
  expect(target.values).not.toBe(source.values);
  writeParameters(to.store, tensors, 'the copy', { adopt: true });
  expect(target.values).toBe(source.values);
  const { 'input.table': _, ...rest } = tensors;
  expect(() => writeParameters(to.store, rest, 'It')).toThrow('missing "input.table" [64,4]');
  for (const model of [from, to]) model.dispose();
});

it('says how to make features with gathered rows, and that a layer has none', () => {
  const model = modelOf({ update: 'sparse' });
  tf.tidy(() => {
    const features = featureTensors(model.encode(rows), model.layout);
    expect(() => model.forward(features)).toThrow('Make the tensors with model.toTensors(batch)');
  });
  expect(() => asLayer(model)).toThrow(`Build it with input: embed({ update: 'dense' })`);
  model.dispose();
});
