import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { denseSchema, type Schema } from '../features/schema.ts';
import { embed } from '../inputs/embed.ts';
import { multiTaskModel } from '../model/model.ts';
import { load } from '../saving/load.ts';
import { readParameters } from '../saving/parameters.ts';
import { toBytes } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { regression } from '../tasks/regression.ts';
import { denseModel, tinyModel, tinyNetwork, tinyRows, tinySchema } from '../testing/tiny.ts';
import { growModel } from './grow-model.ts';
import { grownSchema } from './grow-schema.ts';

beforeAll(() => tf.setBackend('cpu'));

const further: Schema = {
  features: {
    ...tinySchema.features,
    age: { kind: 'numeric', mean: 480, deviation: 3 },
    state: { kind: 'categorical', vocabulary: ['Iowa', 'Utah', 'Maine'] },
    genres: {
      ...tinySchema.features['genres']!,
      values: { kind: 'categorical', vocabulary: ['jazz', 'news'] },
    } as never,
  },
  tasks: {},
};

describe('a grown schema', () => {
  it('has further values at the end of vocabularies, and all else as it was', () => {
    expect(grownSchema(tinySchema, further)).toEqual({
      ...tinySchema,
      features: {
        ...tinySchema.features,
        state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio', 'Iowa', 'Maine'] },
        genres: {
          ...tinySchema.features['genres'],
          values: { kind: 'categorical', vocabulary: ['drama', 'crime', 'news', 'jazz'] },
        },
      },
    });
  });

  it('has further tasks last, and refuses other kinds and columns, all at once', () => {
    const tasks = { late: binary(), click: binary() };
    expect(Object.keys(grownSchema(tinySchema, { ...further, tasks }).tasks)).toEqual([
      ...['click', 'stars', 'minutes', 'late'],
    ]);
    const { age: _, ...features } = further.features;
    const wrong = { ...features, device: { kind: 'numeric', mean: 0, deviation: 1 }, years: features['state']! };
    expect(() => grownSchema(tinySchema, { features: wrong, tasks: { click: regression() } })).toThrow(
      'feature "device" is numeric, and was hashed; feature "age" is gone; feature "years" is new; ' +
        'task "click" is regression, and was binary',
    );
  });
});

describe.each(['dense', 'sparse'] as const)('a model with a %s table', (update) => {
  const vectors = { kind: 'categorical', vocabulary: ['x', 'y'], vectors: 2 } as const;
  const schema = { ...tinySchema, features: { wide: vectors, ...tinySchema.features } };
  const rows = tinyRows.map((row, i) => ({ ...row, wide: ['x', 'y', 'z'][i] }));
  const more = { ...further, features: { wide: { ...vectors, vocabulary: ['z', 'y'] }, ...further.features } };

  it('predicts old values as before to the bit, and starts new rows as a new model does', async () => {
    const old = multiTaskModel({
      ...{ schema, network: tinyNetwork({ units: 4 }), input: embed({ dimension: 3, update }), seed: 7 },
    });
    const before = old.predict(rows.slice(0, 1));
    const { model, growth } = await growModel(old, grownSchema(schema, more));
    expect(growth.grown).toEqual(['input.table']);
    expect(growth.added).toEqual([]);
    expect(growth.kept).toHaveLength(old.store.all().length + old.store.tables().length - 1);
    expect(model.predict(rows.slice(0, 1))).toEqual(before);
    const [was, is] = [await readParameters(old.store), await readParameters(model.store)];
    const fresh = multiTaskModel({ ...old.config, schema: model.schema });
    const start = await readParameters(fresh.store);
    // wide: 2 × (2 + 3) rows, where 2 × (2 + 2) were; z is the last of each
    const rowOf = (table: typeof is, row: number) => [...table['input.table']!.data.subarray(3 * row, 3 * row + 3)];
    for (const [now, then] of [
      [0, 0],
      [3, 3],
      [5, 4],
      [8, 7],
    ] as const)
      expect(rowOf(is, now)).toEqual(rowOf(was, then));
    for (const row of [4, 9]) expect(rowOf(is, row)).toEqual(rowOf(start, row));
    const loaded = await load(await toBytes(model));
    expect(loaded.predict(rows)).toEqual(model.predict(rows));
    expect(old.predict(rows.slice(0, 1))).toEqual(before); // it stays as it is
    for (const each of [old, model, fresh, loaded]) each.dispose();
  });
});

it('gives a further task its tower and head, also with another number of outputs', async () => {
  const tasks = { a: binary(), b: binary() };
  const old = denseModel(tasks);
  const tensors = await readParameters(old.store);
  const { model, growth } = await growModel(
    old,
    denseSchema(5, { ...tasks, c: multiclass({ classes: ['x', 'y', 'z'] }) }),
  );
  expect(growth.added).toEqual(['heads.3.kernel', 'heads.3.bias']);
  const is = await readParameters(model.store);
  expect(is['heads.1.kernel']!.data).toEqual(tensors['heads.kernel']!.data);
  const of = (name: string) => [...is[`levels.0.${name}`]!.data].slice(0, tensors[`levels.0.${name}`]!.data.length);
  expect(of('experts.kernel')).toEqual([...tensors['levels.0.experts.kernel']!.data]);
  expect(growth.grown).toContain('levels.0.experts.kernel');
  for (const each of [old, model]) each.dispose();
});

it('goes on with random streams, and frees a model that it can not make', async () => {
  const old = tinyModel({ dropout: 0.5 });
  old.store.stream('levels.0.experts.dropout').counter = 12;
  const { model } = await growModel(old, grownSchema(tinySchema, further));
  expect(model.store.stream('levels.0.experts.dropout').counter).toBe(12);
  model.dispose();
  const tensors = tf.memory().numTensors;
  const fewer = { ...tinySchema, tasks: { click: binary() } } as unknown as Schema;
  await expect(growModel(old, fewer)).rejects.toThrow('to grow with its numbers, received "stars.0", ');
  expect(tf.memory().numTensors).toBe(tensors);
  old.dispose();
});
