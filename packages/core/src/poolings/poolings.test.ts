import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../features/batch-tensors.ts';
import { rowEncoder } from '../features/rows.ts';
import { layoutOf } from '../features/layout.ts';
import type { Pooling } from '../features/pooling.ts';
import type { Schema } from '../features/schema.ts';
import { embed } from '../inputs/embed.ts';
import { createInput } from '../inputs/input.ts';
import { definePooling } from '../inputs/pooling.ts';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { gru } from './gru.ts';
import { transformer } from './transformer.ts';

beforeAll(() => tf.setBackend('cpu'));

const featuresOf = (pooling: Pooling, target: boolean): Schema['features'] => ({
  item: { kind: 'categorical', vocabulary: ['a', 'b', 'c'] },
  history: {
    kind: 'id-sequence',
    values: { kind: 'shared', with: 'item' },
    separator: '|',
    maxLength: 4,
    pooling,
    ...(target && { target: 'item' }),
  },
  days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 0, deviation: 1 }, separator: '|' },
});

const rows = [
  { item: 'b', history: 'a|b|c', days: '0.5|-1|2' },
  { item: 'c', history: '', days: '' },
  { item: 'a', history: 'c', days: '1' },
];

function build(pooling: Pooling, target: boolean) {
  const features = featuresOf(pooling, target);
  const store = new ParameterStore(7);
  const layout = layoutOf({ features });
  const spec = embed({ dimension: 3 });
  const input = createInput({ ...createScope(store, 'input'), layout }, spec);
  const encode = (of: object[]) => toTensors(rowEncoder({ features })(of as typeof rows), layout);
  return { store, input, layout, encode };
}

/**
 * The vectors of the rows for parameters that a formula gives, by PyTorch 2.6 in doubles: `torch.nn.GRU`, and the equations with
 * `torch.softmax` and `layer_norm`.
 */
const CASES: [name: string, pooling: Pooling, target: boolean, expected: number[][]][] = [
  [
    'gru',
    gru(),
    false,
    [
      [0.125258, 0.327907, 0.254332],
      [0, 0, 0],
      [0.084888, 0.029023, -0.045369],
    ],
  ],
  [
    'transformer',
    transformer({ blocks: 2, hidden: 3 }),
    true,
    [
      [-0.325703, -0.319193, -1.725785],
      [0, 0, 0],
      [-0.336855, -0.344992, -1.719085],
    ],
  ],
];

describe.each(CASES)('%s', (_, pooling, target, expected) => {
  it('has the vectors of PyTorch, and 0 for an empty history', () => {
    const { store, input, encode } = build(pooling, target);
    store.all().forEach(({ variable }, k) => {
      variable.assign(
        tf.tensor(
          Array.from({ length: variable.size }, (_, i) => 0.8 * Math.sin(1 + i + 10 * k)),
          variable.shape,
        ),
      );
    });
    const received = (input.apply(encode(rows)).arraySync() as number[][]).map((row) => row.slice(3, 6));
    expected.forEach((vector, r) => vector.forEach((value, i) => expect(received[r]![i]).toBeCloseTo(value, 5)));
  });

  it('does not read padding, nor train it', () => {
    const { store, input, encode } = build(pooling, target);
    const tensors = encode(rows);
    const padding = tf.equal(tensors.bagWeights, 0);
    const filled = {
      ...tensors,
      bagIds: tf.where(padding, tf.onesLike(tensors.bagIds), tensors.bagIds) as tf.Tensor2D,
      bagNumbers: tf.where(padding, tf.mul(tf.onesLike(tensors.bagNumbers), 77), tensors.bagNumbers) as tf.Tensor2D,
    };
    const variables = store.all().map(({ variable }) => variable);
    const run = (each: typeof tensors) =>
      tf.variableGrads(() => tf.sum(tf.square(input.apply(each))) as tf.Scalar, variables);
    const [plain, other] = [run(tensors), run(filled)];
    expect(other.value.dataSync()).toEqual(plain.value.dataSync());
    for (const [name, gradient] of Object.entries(plain.grads)) {
      expect(other.grads[name]!.dataSync()).toEqual(gradient.dataSync());
    }
  });

  it('reads the order of the entries, and gives side columns equal weights', () => {
    const { input, encode } = build(pooling, target);
    const vectors = (history: string) =>
      (input.apply(encode([{ item: 'b', history, days: history.replace(/\w/g, '1') }])).arraySync() as number[][])[0]!;
    expect(vectors('a|b|c').slice(0, 3)).toEqual(vectors('c|b|a').slice(0, 3));
    expect(vectors('a|b|c').slice(3, 6)).not.toEqual(vectors('c|b|a').slice(3, 6));
    expect(vectors('a|b|c').at(-1)).toBeCloseTo(1, 6); // the mean of the side column
  });
});

describe('a pooling of another package', () => {
  const largest = definePooling('test/largest', () => ({
    vector: ({ ids, filled }) => tf.max<tf.Tensor2D>(tf.add(ids, tf.mul(tf.sub(tf.expandDims(filled, 2), 1), 9)), 1),
  }));

  it('names what an incomplete one lacks', () => {
    const incomplete = definePooling('test/incomplete', (() => ({})) as never);
    expect(() => build(incomplete(), false)).toThrow('the pooling "test/incomplete" with scores');
    const nothing = definePooling('test/nothing', (() => undefined) as never);
    expect(() => build(nothing(), false)).toThrow('the pooling "test/nothing" with scores, received nothing');
  });

  it('is taken by its name and as a spec', () => {
    for (const pooling of [largest(), 'test/largest']) {
      const { store, input, encode } = build(pooling, false);
      const table = store.get('input.table').variable.arraySync() as number[][];
      const received = input.apply(encode(rows)).arraySync();
      expect(received[0]!.slice(3, 6)).toEqual(
        [0, 1, 2].map((i) => Math.max(...[2, 3, 4].map((row) => table[row]![i]!))),
      );
      expect(received[1]!.slice(3).map(Math.abs)).toEqual([0, 0, 0, 0]);
    }
  });
});
