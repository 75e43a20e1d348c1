import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CompileError } from '../compile-error.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { trace, variableInput, type Trace } from '../trace.ts';
import { writeDynamicModel } from '../batches/dynamic-batch.ts';
import { forInference } from './order.ts';
import type { Recorded } from '../graph/graph.ts';
import { writeModel } from '../onnx/write-model.ts';

const WIDTH = 5;
const EXPERTS = 4;
let variables: Record<'kernel' | 'bias' | 'gate' | 'second' | 'table', tf.Variable>;

beforeEach(() => {
  const start = (shape: number[], seed: number) =>
    tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, 1, 'float32', seed)));
  variables = {
    kernel: start([EXPERTS, WIDTH + 6, 3], 1),
    bias: start([EXPERTS, 1, 3], 2),
    gate: start([WIDTH + 6, EXPERTS], 3),
    second: start([EXPERTS, 3, 2], 4),
    table: start([7, 3], 5),
  };
});
afterEach(() => tf.dispose(Object.values(variables)));

/** Embeddings, a wide product, a bank of experts in two layers, a softmax gate: the shape of a fusion level. */
function level(x: tf.Tensor, ids: tf.Tensor): Record<string, tf.Tensor> {
  const batch = x.shape[0]!;
  const vectors = tf.reshape(tf.gather(variables.table, tf.reshape(ids, [-1])), [batch, 6]);
  const input = tf.concat([x, vectors], 1);
  const side = tf.reshape(tf.transpose(variables.kernel, [1, 0, 2]), [WIDTH + 6, EXPERTS * 3]);
  const wide = tf.transpose(tf.reshape(tf.matMul(input, side), [batch, EXPERTS, 3]), [1, 0, 2]);
  const hidden = tf.relu(tf.add(wide, variables.bias));
  const experts = tf.transpose(tf.matMul(hidden, variables.second), [1, 0, 2]); // [batch, experts, 2]
  const weights = tf.softmax(tf.matMul(input, variables.gate as tf.Tensor2D)); // [batch, experts]
  const fused = tf.squeeze(tf.matMul(tf.expandDims(weights, 1), experts), [1]);
  const [first, second] = tf.split(fused, 2, 1);
  return { first: tf.sigmoid(first!), second: tf.mul(second!, tf.ones([batch, 1])) };
}

const record = (batch: number): Trace =>
  trace(level, { x: { shape: [batch, WIDTH] }, ids: { shape: [batch, 2], dtype: 'int32' } });
const numbers = (traced: Trace) =>
  Object.fromEntries(traced.reads.map((each) => [variableInput(each), each.dataSync<'float32'>()]));
const frozen = (batch: number): Recorded => {
  const traced = record(batch);
  return forInference(traced, numbers(traced));
};

async function check(model: Uint8Array, batch: number, extra: ReturnType<typeof numbers> = {}) {
  const x = tf.randomNormal([batch, WIDTH], 0, 1, 'float32', batch);
  const ids = tf.cast(tf.floor(tf.randomUniform([batch, 2], 0, 7, 'float32', batch + 1)), 'int32');
  const session = await (await nodeRuntime()).load(model);
  const shapes = Object.fromEntries(Object.values(variables).map((each) => [variableInput(each), each.shape]));
  const feeds = Object.fromEntries(
    Object.entries(extra).map(([name, data]) => [name, { type: 'float32' as const, shape: shapes[name]!, data }]),
  );
  const results = await session.run({
    ...feeds,
    x: { type: 'float32', shape: [batch, WIDTH], data: x.dataSync<'float32'>() },
    ids: { type: 'int32', shape: [batch, 2], data: ids.dataSync<'int32'>() },
  });
  const expected = tf.tidy(() =>
    Object.entries(level(x, ids)).map(([name, tensor]) => [name, [...tensor.dataSync()]] as const),
  );
  for (const [name, values] of expected) {
    expect(results[name]!.shape).toEqual([batch, 1]);
    values.forEach((value, i) => expect(results[name]!.data[i]).toBeCloseTo(value, 5));
  }
  await session.release();
  tf.dispose([x, ids]);
}

describe('forInference', () => {
  it.each([1, 2, 37])('gives the same numbers at batch %i, with the variables inside', async (batch) => {
    const recorded = frozen(batch);
    expect(recorded.graph.inputs.map(({ input }) => input).sort()).toEqual(['ids', 'x']);
    await check(writeModel(recorded.graph, recorded.outputs), batch);
  });

  it('has no more operations than the trace', () => {
    expect(frozen(1).graph.nodes.length).toBeLessThanOrEqual(record(1).graph.nodes.length);
  });
});

describe('writeDynamicModel', () => {
  it('writes one file that takes any batch, with variables as inputs', async () => {
    const model = writeDynamicModel(record);
    for (const batch of [1, 2, 37, 211, 500]) await check(model, batch, numbers(record(3)));
  });

  it('does so with the variables inside', async () => {
    const model = writeDynamicModel(frozen);
    for (const batch of [1, 2, 37, 211, 500]) await check(model, batch);
  });

  it('refuses a constant that differs from row to row', () => {
    const numbered = (batch: number) =>
      trace((x) => tf.add(x, tf.reshape(tf.range(0, batch), [batch, 1])), { x: { shape: [batch, 1] } });
    expect(() => writeDynamicModel(numbered)).toThrow(CompileError);
  });

  it('refuses a batch that is not the first side', () => {
    const across = (batch: number) => trace((x) => tf.transpose(x), { x: { shape: [batch, 3] } });
    expect(() => writeDynamicModel(across)).toThrow('Expected the batch as the first side of "output" alone');
  });
});
