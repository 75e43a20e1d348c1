import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { load } from '../saving/load.ts';
import { toBytes } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { tinyNetwork } from '../testing/tiny.ts';
import { multiTaskModel } from '../model/model.ts';
import { toTensors } from '../features/batch-tensors.ts';
import type { Batch } from '../features/batch.ts';
import { embed, type EmbedOptions } from './embed.ts';
import { rowEncoder } from '../features/rows.ts';
import { createInput } from './input.ts';
import { layoutOf } from '../features/layout.ts';
import type { IdSequenceFeature } from '../features/kinds/lists.ts';
import type { Schema } from '../features/schema.ts';

const ITEMS = ['a', 'b', 'c', 'd'];

/** Histories of items, each with the days since a view and the category of the item. */
const featuresOf = (pooling: IdSequenceFeature['pooling']): Schema['features'] => ({
  days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 2, deviation: 2 }, separator: '|' },
  history: {
    kind: 'id-sequence',
    values: { kind: 'shared', with: 'item' },
    separator: '|',
    maxLength: 3,
    pooling,
    ...(pooling === 'attention' && { target: 'item' }),
  },
  age: { kind: 'numeric', mean: 0, deviation: 1 },
  item: { kind: 'categorical', vocabulary: ITEMS },
  kinds: { kind: 'side-column', of: 'history', values: { kind: 'hashed', buckets: 5 }, separator: '|' },
});

const rows = [
  { age: 1, item: 'b', history: 'a|b|c|d', days: '9|6|4|0', kinds: 'x|y|x|z' },
  { age: 2, item: 'c', history: ['d', null], days: [2, null], kinds: ['x', 'y'] },
  { age: 3, item: null, history: '', days: null, kinds: [] },
  { age: 4, item: 'a', history: 'a', days: '8', kinds: 'z' },
];

const build = (features: Schema['features'], config: EmbedOptions) => {
  const store = new ParameterStore(7);
  const scope = { ...createScope(store, 'input'), layout: layoutOf({ features }) };
  const spec = embed(config);
  return { store, layout: scope.layout, input: createInput(scope, spec) };
};

const encoded = (pooling: IdSequenceFeature['pooling']) => rowEncoder({ features: featuresOf(pooling) })(rows);
const round = (values: Iterable<number>) => Array.from(values, (value) => Math.round(value * 1e6) / 1e6);

describe('a sequence as a row of slots', () => {
  const layout = layoutOf({ features: featuresOf('mean') });
  const place = (name: string) => layout.places.find((each) => each.name === name)!;

  it('shares the rows of the table with its item, whichever of the two comes first', () => {
    expect(place('history')).toMatchObject({ offset: 0, column: 0, width: 3, part: 'bagIds' });
    expect(place('item')).toMatchObject({ offset: 0, column: 0, width: 1, part: 'ids' });
    expect(place('kinds')).toMatchObject({ offset: 6, column: 3, width: 3, part: 'bagIds' });
    expect(layout).toMatchObject({ fields: 1, slots: 6, numberSlots: 3, vocabulary: 6 + 7 });
  });

  it('keeps the last entries, and an entry for a missing id', () => {
    const { bagIds } = encoded('mean');
    expect([...bagIds.subarray(0, 3)]).toEqual([3, 4, 5]);
    expect([...bagIds.subarray(6, 9)]).toEqual([5, 1, 0]);
    expect([...bagIds.subarray(12, 15)]).toEqual([0, 0, 0]);
  });

  it.each([
    ['mean', [1 / 3, 1 / 3, 1 / 3], [1 / 2, 1 / 2, 0]],
    ['last', [0, 0, 1], [0, 1, 0]],
    ['attention', [1, 1, 1], [1, 1, 0]],
  ] as const)('has the weights of its pooling, and 0 in padding: %s', (pooling, first, second) => {
    const { bagWeights } = encoded(pooling);
    expect(round(bagWeights.subarray(0, 3))).toEqual(round(first));
    expect(round(bagWeights.subarray(3, 6))).toEqual(round(first)); // the side column's
    expect(round(bagWeights.subarray(6, 9))).toEqual(round(second));
    expect([...bagWeights.subarray(12, 18)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('standardizes the numbers of a side column; a missing one is the mean', () => {
    expect([...encoded('mean').bagNumbers]).toEqual([2, 1, -1, 0, 0, 0, 0, 0, 0, 3, 0, 0]);
  });

  it.each([
    [{ days: '9|6' }, 'Row 0: Expected 4 entries in "days", as many as in "history", received 2.'],
    [{ days: '9|6|x|1' }, 'Row 0: Expected a number in each entry for feature "days", received "x".'],
    [{ kinds: 7 }, 'Row 0: Expected a list, or a string of values between "|" for feature "kinds"'],
    [{ history: [{}, 'a', 'b', 'c'] }, 'Row 0: Expected a string, a number or null for feature "history"'],
  ])('refuses %o', (wrong, message) => {
    expect(() => rowEncoder({ features: featuresOf('mean') })([{ ...rows[0]!, ...wrong }])).toThrow(message);
  });

  it.each<[Record<string, object>, string]>([
    [{ days: { ...featuresOf('mean')['days'], of: 'item' } }, 'of a sequence, received "item", a categorical feature'],
    [{ kinds: { ...featuresOf('mean')['kinds'], of: 'x' } }, 'received "x", which is no feature'],
    [
      { history: { ...featuresOf('mean')['history'], values: { kind: 'shared', with: 'itm' } } },
      'Did you mean "item"?',
    ],
    [{ item: { kind: 'shared', with: 'history' } }, 'share the table of a feature with a vocabulary of its own'],
    [
      { gain: { kind: 'numeric', mean: 0, deviation: 1, repeated: [0] }, more: { kind: 'shared', with: 'gain' } },
      'share the table of a feature with a vocabulary of its own, received "gain", a numeric feature',
    ],
    [{ history: { ...featuresOf('attention')['history'], target: 'age' } }, 'received "age", a numeric feature'],
    [{ other: { kind: 'hashed', buckets: 4 }, history: { ...featuresOf('attention')['history'], target: 'other' } }, 'received "other", a hashed feature'], // prettier-ignore
  ])('refuses a schema whose features do not fit: %#', (wrong, message) => {
    expect(() => layoutOf({ features: { ...featuresOf('mean'), ...wrong } as Schema['features'] })).toThrow(message);
  });
});

/** The vectors of the input for each row, in plain loops. */
function inPlainLoops(batch: Batch, { store, layout }: ReturnType<typeof build>, dimension: number): number[][] {
  const read = (name: string) => store.get(`input.${name}`).variable.arraySync() as number[][];
  const table = read('table');
  const unit = (name: string) => store.get(`input.attention.history.${name}`).variable.arraySync();
  return rows.map((_, r) => {
    const slot = (name: string, j: number) => {
      const { column } = layout.places.find((place) => place.name === name)!;
      return {
        id: batch.bagIds[r * layout.slots + column + j]!,
        weight: batch.bagWeights[r * layout.slots + column + j]!,
      };
    };
    const candidate = table[batch.ids[r]!]!;
    const length = [4, 2, 0, 1][r]!;
    const history = new Array<number>(dimension).fill(0);
    const kinds = new Array<number>(dimension).fill(0);
    let days = 0;
    for (let j = 0; j < Math.min(length, 3); j++) {
      const [e, k] = [table[slot('history', j).id]!, table[slot('kinds', j).id]!];
      const number = batch.bagNumbers[r * 3 + j]!;
      let { weight } = slot('history', j);
      if (store.all().some(({ name }) => name.includes('attention'))) {
        const entry = [...e, number, ...k]; // side columns in the order of the features
        const [ofEntry, ofCandidate, ofInteraction] = [
          unit('entry'),
          unit('candidate'),
          unit('interaction'),
        ] as number[][][];
        const hidden = (unit('bias') as number[]).map((bias, h) => {
          let sum = bias;
          entry.forEach((x, i) => (sum += x * ofEntry![i]![h]!));
          candidate.forEach((v, i) => (sum += v * ofCandidate![i]![h]! + e[i]! * v * ofInteraction![i]![h]!));
          return 1 / (1 + Math.exp(-sum));
        });
        const kernel = unit('0.kernel') as number[][];
        weight = hidden.reduce((sum, x, h) => sum + x * kernel[h]![0]!, (unit('0.bias') as number[])[0]!);
      }
      e.forEach((x, i) => (history[i]! += weight * x));
      k.forEach((x, i) => (kinds[i]! += weight * x));
      days += weight * number;
    }
    return [rows[r]!.age, ...candidate, ...history, ...kinds, days];
  });
}

describe('the input of a sequence', () => {
  it.each(['mean', 'last', 'attention'] as const)('pools by %s as plain loops do', (pooling) => {
    const built = build(featuresOf(pooling), { dimension: 2, start: 'pytorch', attention: { hidden: [3] } });
    const batch = encoded(pooling);
    const received = built.input.apply(toTensors(batch, built.layout)).arraySync();
    expect(built.input.outputDim).toBe(1 + 3 * 2 + 1);
    expect([...built.input.features!]).toEqual([
      ['days', { from: 7, width: 1 }],
      ['history', { from: 3, width: 2 }],
      ['age', { from: 0, width: 1 }],
      ['item', { from: 1, width: 2 }],
      ['kinds', { from: 5, width: 2 }],
    ]);
    inPlainLoops(batch, built, 2).forEach((expected, r) =>
      expected.forEach((value, i) => expect(received[r]![i]).toBeCloseTo(value, 5)),
    );
    if (pooling === 'last') expect(received[0]!.slice(3, 5)).toEqual(tableRow(built, 5));
  });

  it('scores without a softmax: the weights of entries need not sum to 1, and twice the entry is twice the vector', () => {
    const built = build(featuresOf('attention'), { dimension: 2, start: 'pytorch' });
    const encode = rowEncoder({ features: featuresOf('attention') });
    const twice = encode([
      { age: 0, item: 'b', history: 'c', days: '1', kinds: 'x' },
      { age: 0, item: 'b', history: 'c|c', days: '1|1', kinds: 'x|x' },
    ]);
    const [one, two] = built.input.apply(toTensors(twice, built.layout)).arraySync();
    one!.slice(3).forEach((value, i) => expect(two![3 + i]).toBeCloseTo(2 * value, 5));
    expect(Math.hypot(...one!.slice(3))).toBeGreaterThan(0.01);
  });

  it.each(['mean', 'last', 'attention'] as const)('does not read padding, nor train it: %s', (pooling) => {
    const built = build(featuresOf(pooling), { dimension: 2, start: 'pytorch' });
    const batch = encoded(pooling);
    const filled = { ...batch, bagIds: batch.bagIds.slice(), bagNumbers: batch.bagNumbers.slice() };
    batch.bagWeights.forEach((weight, i) => {
      if (weight === 0) filled.bagIds[i] = 4;
    });
    for (let r = 1; r < rows.length; r++) filled.bagNumbers.fill(77, r * 3 + [3, 2, 0, 1][r]!, (r + 1) * 3);
    const variables = built.store.all().map(({ variable }) => variable);
    const run = (each: Batch) =>
      tf.variableGrads(
        () => tf.sum(tf.square(built.input.apply(toTensors(each, built.layout)))) as tf.Scalar,
        variables,
      );
    const [plain, other] = [run(batch), run(filled)];
    expect(other.value.dataSync()).toEqual(plain.value.dataSync());
    for (const [name, gradient] of Object.entries(plain.grads)) {
      expect(other.grads[name]!.dataSync()).toEqual(gradient.dataSync());
    }
  });

  it('refuses options of attention that there are not', () => {
    expect(() => embed({ attention: { hiden: [4] } as never })).toThrow('Did you mean "hidden"?');
    expect(() => embed({ attention: { activation: 'prelu' as never } })).toThrow('"prelu"');
  });
});

const tableRow = ({ store }: ReturnType<typeof build>, row: number) =>
  (store.get('input.table').variable.arraySync() as number[][])[row];

describe('a model with a sequence', () => {
  const schema = { features: featuresOf('attention'), tasks: { click: binary() } };

  it('predicts the same after saving and loading, and names a fault of its file', async () => {
    const model = multiTaskModel({ schema, network: tinyNetwork({ units: 4 }), seed: 7 });
    const files = await toBytes(model);
    const loaded = await load(files);
    expect(loaded.schema).toEqual(schema);
    expect(loaded.predict(rows)).toEqual(model.predict(rows));
    const text = new TextDecoder().decode(files['model.json']).replace(/,\s*"document": "\w+"/, ''); // the checksum
    const changed = { ...files, 'model.json': new TextEncoder().encode(text.replace('"attention"', '"max"')) };
    await expect(load(changed)).rejects.toThrow(
      'received one that is not: pooling "max". Before load, import the file that defines pooling "max"',
    );
  });
});
