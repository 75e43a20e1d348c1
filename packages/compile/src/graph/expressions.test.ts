import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { compile } from '../compile.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { type HostTensor, type Runtime, tensorDifference } from '../runtimes/runtime.ts';

let runtime: Runtime;

beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await nodeRuntime();
});

/** One step of a function: what it does with the tensors so far, of which it chooses two by number. */
interface Step {
  readonly how: number;
  readonly first: number;
  readonly second: number;
}

const all = (rank: number) => Array.from({ length: rank }, (_, i) => i);
const turned = ({ rank }: tf.Tensor) => [...all(rank).slice(1), 0].slice(0, rank);

/** Makes two tensors fit each other as a + b does in careless code: by new sides, or by sums. */
const fitted = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
  try {
    tf.broadcastTo(b, tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape));
    return b;
  } catch {
    return tf.mean(b);
  }
};

const STEPS: readonly ((a: tf.Tensor, b: tf.Tensor) => tf.Tensor)[] = [
  (a) => tf.transpose(a),
  (a) => tf.transpose(a, turned(a)),
  (a) => tf.reshape(a, [-1]),
  (a) => tf.expandDims(a, a.rank > 1 ? 1 : 0),
  (a) => tf.squeeze(a),
  (a) => tf.tanh(a),
  (a) => tf.relu(a),
  (a) => tf.mul(a, 1),
  (a) => tf.add(a, tf.zerosLike(a)),
  (a) => tf.sub(a, tf.onesLike(a)),
  (a, b) => tf.add(a, fitted(a, b)),
  (a, b) => tf.sub(fitted(a, b), a),
  (a, b) => tf.mul(a, fitted(a, b)),
  (a, b) => tf.where(tf.greater(a, fitted(a, b)), a, fitted(a, b)),
  (a, b) => tf.maximum(a, fitted(a, b)),
  (a) => (a.rank > 0 ? tf.sum(a, 0) : a),
  (a) => (a.rank > 0 ? tf.mean(a, a.rank - 1, true) : a),
  (a) => (a.rank > 1 ? tf.max(a, 1) : a),
  (a) => (a.rank > 0 ? tf.softmax(a) : a),
  (a) => (a.rank > 0 ? tf.slice(a, 0, Math.max(1, a.shape[0]! - 1)) : a),
  (a) => (a.rank > 0 ? tf.concat([a, tf.neg(a)], a.rank - 1) : a),
  (a) => (a.rank > 1 ? tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D, true, false) : a),
  (a) => (a.rank > 0 && a.rank < 4 ? tf.stack(tf.unstack(a), a.rank - 1) : a),
  (a) => (a.rank > 0 ? tf.gather(a, tf.tensor1d([0, 0], 'int32')) : a),
];

const build =
  (steps: readonly Step[]) =>
  (...inputs: tf.Tensor[]): tf.Tensor[] => {
    const made = [...inputs, tf.tensor2d([0.5, -1, 2], [1, 3]), tf.scalar(1)];
    for (const { how, first, second } of steps) {
      const [a, b] = [made[first % made.length]!, made[second % made.length]!];
      const next = STEPS[how % STEPS.length]!(a, b);
      if (next.size <= 512 && next.rank <= 4) made.push(next);
    }
    return made.slice(-3);
  };

const withGradient =
  (steps: readonly Step[]) =>
  (...inputs: tf.Tensor[]) => {
    const loss = (...xs: tf.Tensor[]) =>
      tf.addN([...build(steps)(...xs), ...xs].map((each) => tf.sum(tf.tanh(each)))) as tf.Scalar;
    return [...build(steps)(...inputs), ...tf.grads(loss)(inputs)];
  };

const index = fc.nat({ max: 100 });
const program = fc.array(fc.record({ how: index, first: index, second: index }), { minLength: 1, maxLength: 12 });

const host = (tensor: tf.Tensor): HostTensor => ({
  type: tensor.dtype as 'float32',
  shape: tensor.shape,
  data: tensor.dataSync().slice() as Float32Array,
});

it('a compiled function gives what it gives eagerly, and its gradient too', async () => {
  const specs = { x: { shape: [2, 3] }, y: { shape: [4, 2, 3] }, z: { shape: [3] } };
  const numbers = {
    x: [0.1, -0.7, 1.3, 0.4, -0.2, 0.9],
    y: Array.from({ length: 24 }, (_, i) => Math.sin(2 * i)),
    z: [0.7, -0.3, 0.5],
  };
  const tensors = () => [tf.tensor(numbers.x, [2, 3]), tf.tensor(numbers.y, [4, 2, 3]), tf.tensor(numbers.z, [3])];
  await fc.assert(
    fc.asyncProperty(program, async (steps) => {
      const fn = withGradient(steps);
      let eager: tf.Tensor[] | undefined;
      try {
        eager = tf.tidy(() => fn(...tensors()));
      } catch {
        return; // TF.js can't do it, or not its gradient
      }
      const compiled = await compile(fn, specs, { runtime });
      const results = await compiled.run(numbers);
      await compiled.dispose();
      const wrong = tensorDifference(
        compiled.trace.outputs.map(({ name }) => results[name]!),
        eager.map(host),
        { dtypes: true, tolerance: 1e-4 },
      );
      tf.dispose(eager);
      expect(wrong).toBeUndefined();
    }),
    { numRuns: repetitions(300), seed: 11 },
  );
});
