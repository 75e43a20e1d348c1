import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { placeholder, trace } from './trace.ts';

const VECTOR = { x: { shape: [3] } };

const variable = (numbers: number[]) => tf.tidy(() => tf.variable(tf.tensor1d(numbers)));

/** What TF.js holds. */
const held = () => ({
  backend: tf.getBackend(),
  tensors: tf.memory().numTensors,
  buffers: tf.memory().numDataBuffers,
  bytes: tf.memory().numBytes,
});

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  let start: ReturnType<typeof held>;

  beforeEach(async () => {
    await tf.setBackend(backend);
    await tf.ready();
    tf.disposeVariables(); // those of earlier files of this process
    start = held();
  });

  afterEach(() => {
    tf.disposeVariables();
    expect(held()).toEqual(start);
  });

  it('leaves tensors, variables and the backend as they were', () => {
    const v = variable([1, 2, 3]);
    const untouched = variable([5]);
    const captured = tf.tensor1d([4, 5, 6]);
    const view = tf.reshape(captured, [3, 1]); // shares its data
    const before = held();
    const traced = trace((x) => {
      v.assign(tf.add(v, x) as tf.Tensor1D);
      return [tf.mul(v, captured), tf.matMul(tf.reshape(x, [1, 3]) as tf.Tensor2D, view as tf.Tensor2D)];
    }, VECTOR);
    expect(held()).toEqual(before);
    expect([...v.dataSync(), ...untouched.dataSync(), ...captured.dataSync(), ...view.dataSync()]).toEqual([
      1, 2, 3, 5, 4, 5, 6, 4, 5, 6,
    ]);
    expect(traced.reads).toEqual([v]);
    expect(traced.writes.map(({ variable }) => variable)).toEqual([v]);
    expect(tf.engine().backend).toBe(tf.findBackend(backend));
    tf.dispose([captured, view]);
  });

  it('leaves everything as it was when the function throws, in a gradient too', () => {
    const v = variable([1, 2, 3]);
    const before = held();
    const loss = (): tf.Scalar => {
      v.assign(tf.mul(v, 2) as tf.Tensor1D);
      tf.square(tf.exp(v));
      throw new Error('stop');
    };
    expect(() => trace(() => loss(), {})).toThrow('stop');
    expect(() => trace(() => tf.variableGrads(loss).grads, {})).toThrow('stop');
    expect(held()).toEqual(before);
    expect([...v.dataSync()]).toEqual([1, 2, 3]);
  });

  it('keeps variables apart that share their first numbers', async () => {
    const shared = tf.tensor1d([1, 1, 1]);
    const a = tf.variable(shared);
    const b = tf.variable(shared);
    const compiled = await compile(() => [tf.add(a, 0.5), tf.add(b, 0.5), tf.add(shared, 0.5)], {});
    b.assign(tf.tensor1d([7, 7, 7]));
    const results = await compiled.run();
    expect(['output0', 'output1', 'output2'].map((name) => results[name]!.data[0])).toEqual([1.5, 7.5, 1.5]);
    await compiled.dispose();
    shared.dispose();
    tf.disposeVariables();
    start = held();
  });

  it('gives back what a failing function made of an optimizer', () => {
    const v = variable([1, 2, 3]);
    const adam = tf.train.adam(0.1);
    const step = (fails: boolean) => () => {
      const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(v)) as tf.Scalar);
      adam.applyGradients(grads as Parameters<typeof adam.applyGradients>[0]);
      if (fails) throw new Error('stop');
      return value;
    };
    expect(() => trace(step(true), {})).toThrow('stop');
    const expected = variable([1, 2, 3]);
    const other = tf.train.adam(0.1);
    other.minimize(() => tf.sum(tf.square(expected)) as tf.Scalar);
    tf.dispose(tf.tidy(step(false))); // eagerly, with the slots that the trace left
    expect([...v.dataSync()]).toEqual([...expected.dataSync()]);
    adam.dispose();
    other.dispose();
  });
});

describe('trace', () => {
  beforeEach(() => tf.setBackend('cpu'));

  it('works inside of tf.tidy, with tidies and gradients inside of it', () => {
    const before = held();
    const { outputs } = tf.tidy(() => {
      let traced: ReturnType<typeof trace> | undefined;
      tf.tidy(() => {
        const square = tf.customGrad((x) => ({
          value: tf.square(x as tf.Tensor),
          gradFunc: (dy) => tf.mul(dy as tf.Tensor, 10),
        }));
        traced = trace((x) => tf.tidy(() => tf.grad((y) => tf.sum(square(y)))(x)), VECTOR);
      });
      return traced as unknown as tf.TensorContainerObject;
    }) as unknown as ReturnType<typeof trace>;
    expect(outputs[0]!.value).toMatchObject({ type: 'float32', shape: [3] });
    expect(held()).toEqual(before);
  });

  it('names results, and takes inputs, constants and the same tensor twice as results', async () => {
    const compiled = await compile((x) => ({ same: x, again: x, constant: tf.scalar(3), sum: tf.sum(x) }), VECTOR);
    const { same, again, constant, sum } = await compiled.run({ x: [1, 2, 3] });
    expect([same, again, constant, sum].map((each) => [...each!.data])).toEqual([[1, 2, 3], [1, 2, 3], [3], [6]]);
    const list = await compile((x) => [x, x], VECTOR);
    expect(Object.keys(await list.run({ x: [1, 2, 3] }))).toEqual(['output0', 'output1']);
    await Promise.all([compiled.dispose(), list.dispose()]);
  });

  it('takes constants that were made in an earlier trace', async () => {
    let cache: tf.Tensor | undefined;
    const fn = (x: tf.Tensor) => tf.mul(x, (cache ??= tf.keep(tf.tensor1d([1, 2, 3]))));
    trace(fn, VECTOR);
    const compiled = await compile(fn, VECTOR);
    expect([...(await compiled.run({ x: [1, 1, 1] }))['output']!.data]).toEqual([1, 2, 3]);
    expect([...cache!.dataSync()]).toEqual([1, 2, 3]); // and eagerly
    expect([...tf.tidy(() => tf.add(cache!, 1)).dataSync()]).toEqual([2, 3, 4]);
    await compiled.dispose();
  });

  it('makes further inputs while the function runs', async () => {
    const compiled = trace((x) => tf.add(x, placeholder('noise', { shape: [3] })), VECTOR);
    expect(compiled.graph.inputs.map(({ input }) => input)).toEqual(['x', 'noise']);
    expect(() => placeholder('noise', { shape: [3] })).toThrow('Nothing is being compiled');
    expect(() => trace((x) => tf.add(x, placeholder('x', { shape: [3] })), VECTOR)).toThrow(
      'Two inputs of the graph are called "x"',
    );
  });
});
