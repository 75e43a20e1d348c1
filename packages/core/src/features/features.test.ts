import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { tinyRows, tinySchema } from '../testing/tiny.ts';
import { sliceBatch } from './batch.ts';
import { toTensors } from './batch-tensors.ts';
import { embed } from '../inputs/embed.ts';
import { hashOf } from './codes.ts';
import { rowEncoder } from './rows.ts';
import { createInput, type InputSpec } from '../inputs/input.ts';
import { layoutOf } from './layout.ts';
import { denseSchema, type Row } from './schema.ts';

const layout = layoutOf(tinySchema);
const batch = rowEncoder(tinySchema)(tinyRows);

describe('the layout', () => {
  it('puts all categorical fields in one table, one after the other, with an entry for unknown and one for missing', () => {
    expect(layout).toMatchObject({ numeric: 5, fields: 2, slots: 3, vocabulary: 2 + 2 + (2 + 5) + (2 + 3) });
    expect(layout.places.map(({ name, column, offset }) => [name, column, offset])).toEqual([
      ['age', 0, 0],
      ['income', 2, 0],
      ['state', 0, 0],
      ['device', 1, 4],
      ['genres', 0, 11],
      ['position', 3, 0],
    ]);
  });

  it('refuses a schema without features, or with a kind that there is not', () => {
    expect(() => layoutOf({ features: {} })).toThrow('at least one feature');
    expect(() => layoutOf({ features: { a: { kind: 'txet' } as never } })).toThrow('received "txet"');
  });
});

describe('encoding rows', () => {
  it('standardizes numbers, and puts a missing one at the mean with its indicator', () => {
    const [age, missing] = [0, 1];
    expect(batch.numeric[age]).toBe(-1);
    expect(batch.numeric[missing]).toBe(0);
    expect([...batch.numeric.subarray(5, 7)]).toEqual([0, 1]);
  });

  it('takes logarithms symmetrically', () => {
    expect(batch.numeric[2]).toBeCloseTo(-2, 6);
    expect(batch.numeric[7]).toBeCloseTo(Math.log(100) - 2, 6);
    expect(batch.numeric[12]).toBeCloseTo(-Math.log(10) - 2, 6);
  });

  it('gives known, unknown and missing categories different rows of the table', () => {
    expect([...batch.ids.filter((_, i) => i % 2 === 0)]).toEqual([2, 0, 1]);
    expect(batch.ids[1]).toBe(4 + 2 + (hashOf('phone') % 5));
    expect(batch.ids[3]).toBe(4 + 1);
  });

  it('hashes as FNV-1a does', () => {
    expect(hashOf('')).toBe(0x811c9dc5);
    expect(hashOf('foobar')).toBe(0xbf9cf968); // the published test vector
  });

  it('pools several values by their weights, and leaves empty cells at zero', () => {
    expect([...batch.bagIds.subarray(0, 2)]).toEqual([11 + 2, 11 + 4]);
    expect([...batch.bagWeights]).toEqual([0.5, 0.5, 0, 0, 0, 0, 1, 0, 0]);
  });

  it.each([
    [{ age: 'old' }, 'Row 0: Expected a finite number, or null where it is missing for feature "age", received "old"'],
    [{ age: Infinity }, 'a finite number'],
    [{ state: ['Utah'] }, 'a string, a number or null for feature "state"'],
    [{ position: [1] }, '2 numbers for feature "position", received [1]'],
    [{ position: [1, NaN] }, 'finite 32-bit numbers for feature "position", received NaN at place 1'],
    [{ position: [1e39, 1] }, 'finite 32-bit numbers for feature "position", received 1e+39 at place 0'],
    [{ genres: 7 }, 'a list, or a string of values between "|"'],
  ])('says what is wrong with %o', (wrong, message) => {
    expect(() => rowEncoder(tinySchema)([{ ...tinyRows[0], ...wrong }])).toThrow(message);
  });

  it('refuses a number that is infinite for the model once it is standardized, and takes the largest that is not', () => {
    const feature = { kind: 'numeric', mean: 40, deviation: 0.5 } as const;
    const encode = rowEncoder({ features: { age: feature } });
    expect(() => encode([{ age: 40 }, { age: 1e39 }])).toThrow(
      'Row 1: Expected a number that is finite in 32 bits after (x − 40) / 0.5 for feature "age", received 1e+39. ',
    );
    expect(encode([{ age: 1.7e38 }]).numeric[0]).toBe(Math.fround(3.4e38));
    expect(() => encode([{ age: -1.8e38 }])).toThrow('received -1.8e+38');
    const never = rowEncoder({ features: { age: { ...feature, deviation: 0 } } });
    expect([...never([{ age: 1e300 }]).numeric]).toEqual([0]); // a feature that never varied says nothing
    const log = rowEncoder({ features: { age: { ...feature, log: true } } });
    expect(log([{ age: 1e308 }]).numeric[0]).toBeCloseTo((Math.log(1e308) - 40) / 0.5, 3);
  });

  it('says which feature a row lacks, and suggests the misspelt one', () => {
    const { state: _, ...row } = tinyRows[0]!;
    expect(() => rowEncoder(tinySchema)([{ ...row, stat: 'Utah' }])).toThrow(
      'Row 0: Expected a value for feature "state", received a row with 6 keys. Did you mean "stat"?',
    );
  });

  it('tells all faults of all rows to whoever asks, and encodes the other values', () => {
    const { state: _, ...row } = tinyRows[1]!;
    const faults: string[] = [];
    const rows = [tinyRows[0]!, { ...row, age: 'old' }, null, tinyRows[2]!] as Row[];
    const encoded = rowEncoder(tinySchema)(rows, ({ row, feature, error }) => {
      faults.push(`${row} ${feature}: ${error.message}`);
    });
    expect(faults).toEqual([
      expect.stringMatching(/^1 age: Expected a finite number, or null/),
      expect.stringMatching(/^1 state: Expected a value for feature "state"/),
      expect.stringMatching(/^2 undefined: Expected an object with a key for each feature, received null/),
    ]);
    const last = rowEncoder(tinySchema)([tinyRows[2]!]);
    expect(sliceBatch(encoded, 3, 4)).toEqual(last);
    expect(() => rowEncoder(tinySchema)(rows.slice(2))).toThrow('Row 0: Expected an object');
  });
});

function build(spec: InputSpec, schema = tinySchema) {
  const store = new ParameterStore(7);
  const scope = { ...createScope(store, 'input'), layout: layoutOf(schema) };
  return { store, input: createInput(scope, spec) };
}

describe('embed', () => {
  it("is the numbers, each field's vector, and the pooled vectors of each multi-valued feature", () => {
    const { store, input } = build(embed({ dimension: 2 }));
    expect(input.outputDim).toBe(5 + (2 + 1) * 2);
    const table = store.get('input.table').variable.arraySync() as number[][];
    const [first, second] = input.apply(toTensors(batch, layout)).arraySync();
    expect(first!.slice(0, 5)).toEqual([...batch.numeric.subarray(0, 5)]);
    expect(first!.slice(5, 7)).toEqual(table[2]);
    const pooled = [0, 1].map((i) => (table[13]![i]! + table[15]![i]!) / 2);
    first!.slice(9).forEach((value, i) => expect(value).toBeCloseTo(pooled[i]!, 6));
    expect(second!.slice(9)).toEqual([0, 0]);
  });

  it('has a gradient with one multi-valued feature alone: each row of the table as often as it was pooled', () => {
    const schema = { ...tinySchema, features: { genres: tinySchema.features['genres']! } };
    const { store, input } = build(embed({ dimension: 2 }), schema);
    const rows = rowEncoder(schema)(tinyRows);
    const variable = store.get('input.table').variable;
    const { grads } = tf.variableGrads(
      () => tf.sum(input.apply(toTensors(rows, layoutOf(schema)))) as tf.Scalar,
      [variable],
    );
    const expected = Array<number>(variable.shape[0]!).fill(0);
    rows.bagIds.forEach((id, slot) => (expected[id]! += rows.bagWeights[slot]!));
    const gradient = grads[variable.name]!.arraySync() as number[][];
    gradient.forEach((row, id) => row.forEach((value) => expect(value).toBeCloseTo(expected[id]!, 6)));
    expect(Math.max(...expected)).toBeGreaterThan(0);
  });

  it('starts small, or as PyTorch does', () => {
    const deviation = (start: 'small' | 'pytorch') => {
      const values = build(embed({ dimension: 64, start }))
        .store.all()[0]!
        .variable.dataSync<'float32'>();
      return Math.sqrt(values.reduce((s, v) => s + v * v, 0) / values.length);
    };
    expect(deviation('small')).toBeCloseTo(0.05 / Math.sqrt(3), 2);
    expect(deviation('pytorch')).toBeCloseTo(1, 1);
    expect(() => embed({ dimension: 0 })).toThrow(
      'Expected a whole number of 1 or more for embed.dimension, received 0',
    );
    expect(() => embed({ dimensions: 4 } as never)).toThrow('Did you mean "dimension"?');
  });

  it('has no table where there are only numbers', () => {
    const { store, input } = build(embed(), denseSchema(3, tinySchema.tasks));
    expect(store.all()).toEqual([]);
    expect(input.outputDim).toBe(3);
  });
});
