import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { tensorDifference } from '../runtimes/runtime.ts';
import { operations } from '../testing/check-rule.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { trace } from '../trace.ts';
import { forTraining } from './order.ts';
import { writeModel } from '../onnx/write-model.ts';

beforeAll(() => tf.setBackend('cpu')); // its sums are in doubles; wasm's are off by 1e-6 themselves

const [BATCH, UNITS, EXPERTS, DIM] = [80, 3, 5, 4];

/** A loss on a gated mixture and its gradients: experts with a ReLU, a softmax over them for each unit. */
function gradients(experts: tf.Tensor, gates: tf.Tensor, bias: tf.Tensor) {
  const loss = (e: tf.Tensor, g: tf.Tensor, b: tf.Tensor) => {
    const weights = tf.softmax(tf.add(tf.transpose(g, [1, 0, 2]), b)); // [units, batch, experts]
    const mixed = tf.matMul(tf.transpose(weights, [1, 0, 2]), tf.relu(e)); // [batch, units, dim]
    return tf.mean(tf.softplus(mixed)) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(loss)([experts, gates, bias]);
  return { value, ofExperts: grads[0]!, ofGates: grads[1]!, ofBias: grads[2]! };
}

it('gives the gradients of a gated mixture by columns, and without what ONNX Runtime does number by number', async () => {
  const shapes = { e: [BATCH, EXPERTS, DIM], g: [BATCH, UNITS, EXPERTS], b: [UNITS, 1, EXPERTS] };
  const recorded = trace((e, g, b) => gradients(e!, g!, b!), {
    e: { shape: shapes.e },
    g: { shape: shapes.g },
    b: { shape: shapes.b },
  });
  const fast = forTraining(recorded);
  const used = operations(fast);
  for (const slow of ['Softmax', 'Softplus', 'Greater']) {
    expect(operations(recorded)).toContain(slow);
    expect(used).not.toContain(slow);
  }

  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(3 * i + 1));
      return [name, { type: 'float32' as const, shape, data }];
    }),
  );
  const session = await (await nodeRuntime()).load(writeModel(fast.graph, fast.outputs));
  const given = fast.graph.inputs.map(({ input, shape }) => [input!, { ...feeds[input!]!, shape }]); // as the graph reads them
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  const [e, g, b] = Object.values(feeds).map(({ data, shape }) => tf.tensor(data, shape));
  const expected = Object.values(gradients(e!, g!, b!)).map((each) => ({
    type: 'float32' as const,
    shape: each.shape,
    data: each.dataSync() as Float32Array,
  }));
  expect(
    tensorDifference(
      fast.outputs.map(({ name }) => results[name]!),
      expected,
      { dtypes: true, tolerance: 1e-6 },
    ),
  ).toBeUndefined();
});
