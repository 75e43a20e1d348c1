import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { tensorDifference } from './runtimes/runtime.ts';

beforeEach(async () => {
  await tf.setBackend('cpu');
  tf.disposeVariables();
});

const variable = (numbers: number[], name?: string) => tf.tidy(() => tf.variable(tf.tensor1d(numbers), true, name));
const numbersOf = (tensor: tf.Tensor) => [...tensor.dataSync()];

describe('variables', () => {
  it('are read at each run, and get their next values', async () => {
    const v = variable([1, 2]);
    const step = await compile(
      (x) => {
        v.assign(tf.add(v, x) as tf.Tensor1D);
        return tf.sum(v);
      },
      { x: { shape: [] } },
    );
    expect([...(await step.run({ x: [1] }))['output']!.data]).toEqual([5]);
    expect(numbersOf(v)).toEqual([2, 3]);
    v.assign(tf.tensor1d([10, 20]));
    await Promise.all([step.run({ x: [1] }), step.run({ x: [1] }), step.run({ x: [1] })]); // one after another
    expect(numbersOf(v)).toEqual([13, 23]);
    await step.dispose();
  });

  it('take each other’s values, constants and inputs', async () => {
    const [a, b, c, d] = [variable([1]), variable([2]), variable([3]), variable([4])];
    const constant = tf.tensor1d([9]);
    const shift = await compile(
      (x) => {
        const old = tf.clone(a);
        a.assign(b);
        b.assign(old as tf.Tensor1D);
        c.assign(constant);
        d.assign(x as tf.Tensor1D);
      },
      { x: { shape: [1] } },
    );
    await shift.run({ x: [5] });
    expect([a, b, c, d].map((each) => numbersOf(each)[0])).toEqual([2, 1, 9, 5]);
    await shift.run({ x: [6] });
    expect([a, b, c, d].map((each) => numbersOf(each)[0])).toEqual([1, 2, 9, 6]);
    expect(numbersOf(constant)).toEqual([9]);
    await shift.dispose();
  });

  it('of whole numbers and bools are variables too', async () => {
    const count = tf.variable(tf.scalar(3, 'int32'));
    const flag = tf.variable(tf.scalar(true));
    const step = await compile(() => {
      count.assign(tf.add(count, tf.scalar(1, 'int32')));
      flag.assign(tf.logicalNot(flag));
    }, {});
    await step.run();
    expect([count.dtype, ...numbersOf(count), flag.dtype, ...numbersOf(flag)]).toEqual(['int32', 4, 'bool', 0]);
    await step.dispose();
  });

  it('that are disposed are told of', async () => {
    const v = variable([1], 'gone');
    const compiled = await compile(() => tf.neg(v), {});
    v.dispose();
    await expect(compiled.run()).rejects.toThrow('The variable "gone" of a compiled function is disposed.');
    await compiled.dispose();
  });
});

/** Optimizers by name; each is made twice. */
const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  adam: () => tf.train.adam(0.1, 0.9, 0.99, 1e-3),
  adamax: () => tf.train.adamax(0.1, 0.9, 0.99, 1e-3, 0.1),
  rmsprop: () => tf.train.rmsprop(0.05, 0.9, 0.5, 1e-3),
};

describe.each(Object.entries(OPTIMIZERS))('tf.train.%s', (_name, make) => {
  it('trains as it does eagerly, from its first step', async () => {
    const start = [0.5, -1, 2];
    const [ours, theirs] = [variable(start), variable(start)];
    const step = (optimizer: tf.Optimizer, w: tf.Variable) => (x: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.square(tf.sub(tf.tanh(tf.mul(x, w)), 0.3))) as tf.Scalar,
        [w],
      );
      optimizer.applyGradients(grads as Parameters<typeof optimizer.applyGradients>[0]);
      return value;
    };
    const compiled = await compile(step(make(), ours), { x: { shape: [2, 3] } });
    const eager = step(make(), theirs);
    for (let i = 0; i < 6; i++) {
      const x = Float32Array.from({ length: 6 }, (_, at) => Math.sin(at + i));
      const { output } = await compiled.run({ x });
      const expected = tf.tidy(() => eager(tf.tensor2d(x, [2, 3]))).dataSync()[0]!;
      expect(output!.data[0]).toBeCloseTo(expected, 5);
    }
    const tensor = (each: tf.Tensor) => ({
      type: 'float32' as const,
      shape: each.shape,
      data: each.dataSync() as Float32Array,
    });
    expect(tensorDifference([tensor(ours)], [tensor(theirs)], { dtypes: true, tolerance: 1e-5 })).toBeUndefined();
    await compiled.dispose();
  });
});

describe('compiled functions', () => {
  it('run beside each other, and of one another’s variables', async () => {
    const v = variable([1, 2]);
    const grow = await compile(() => v.assign(tf.mul(v, 2) as tf.Tensor1D), {});
    const read = await compile((x) => tf.add(v, x), { x: { shape: [2] } });
    const [first] = await Promise.all([read.run({ x: [0, 0] }), read.run({ x: [1, 1] })]);
    await grow.run();
    const second = await read.run({ x: [0, 0] });
    expect([...first['output']!.data, ...second['output']!.data]).toEqual([1, 2, 2, 4]);
    await Promise.all([grow.dispose(), read.dispose()]);
  });

  it('take numbers in any array, of all types, also none', async () => {
    const specs = {
      r: { shape: [2] },
      i: { shape: [2], dtype: 'int32' },
      b: { shape: [2], dtype: 'bool' },
      none: { shape: [0, 3] },
    } as const;
    const compiled = await compile(
      (r, i, b, none) => [tf.neg(r!), tf.neg(i!), tf.logicalNot(b!), tf.sum(none!)],
      specs,
    );
    const results = await compiled.run({ r: [1, 2.5], i: Float32Array.of(3, 4), b: [1, 0], none: [] });
    expect(Object.values(results).map((each) => [...each.data])).toEqual([[-1, -2.5], [-3, -4], [0, 1], [0]]);
    expect(Object.values(results).map((each) => each.type)).toEqual(['float32', 'int32', 'bool', 'float32']);
    await compiled.dispose();
  });

  it('say which input is wrong', async () => {
    const compiled = await compile((x) => tf.neg(x), { x: { shape: [2, 2] } });
    await expect(compiled.run({ x: [1] })).rejects.toThrow('Expected 4 numbers for input "x" [2,2], received 1.');
    await expect(compiled.run()).rejects.toThrow('Expected 4 numbers for input "x" [2,2], received none.');
    await expect(compiled.run({ x: [1, 2, 3, 4], y: [1] })).rejects.toThrow(
      'There is no input "y": the function has "x".',
    );
    await compiled.dispose();
    await compiled.dispose();
    await expect(compiled.run({ x: [1, 2, 3, 4] })).rejects.toThrow('disposed');
  });

  it('have results of their own names', async () => {
    await expect(compile((x) => ({ x: tf.neg(x) }), { x: { shape: [1] } })).rejects.toThrow(
      'Two inputs and results of the model are called "x"',
    );
    await expect(compile((x) => ({ 't:1': tf.neg(x) }), { x: { shape: [1] } })).rejects.toThrow("can't be the name");
  });
});
