import { nodeRuntime, readMetadata, webRuntime } from '@polytask/compile';
import {
  contextOf,
  defineExpert,
  defineNetwork,
  embed,
  fusion,
  linear,
  multiTaskModel,
  ownUnits,
  type TableUpdate,
} from '@polytask/core';
import { softmaxGate } from '@polytask/gating';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { compilePredict } from '../predict/compiled-predictor.ts';
import { trained } from '../testing/models.ts';
import { largestDifference, mixedRows, mixedSchema } from '../testing/rows.ts';
import { exportOnnx } from './export-onnx.ts';
import { encodeForOnnx } from './feature-inputs.ts';

beforeAll(() => tf.setBackend('cpu'));

/** One affine map for each state, plus one of the device's embedding. */
const perState = defineExpert('serving.per-state', (builder) => {
  const [state, device] = [contextOf(builder, 'state'), contextOf(builder, 'device')];
  const w = builder.weight('kernel', [builder.inputDim, state.values * 4]);
  const v = builder.weight('device', [device.dimension, 4]);
  return {
    outputDim: 4,
    apply(x, call) {
      const all = linear(x, w, undefined, call.shared);
      const each = tf.reshape(all, [...all.shape.slice(0, -1), state.values, 4]);
      const own = tf.sum(tf.mul(each, tf.expandDims(state.oneHot(call), 2)), -2);
      return tf.add(own, linear(device.embedding(call), v));
    },
  };
});

const network = defineNetwork('serving.contexts', (_: object, tasks) =>
  fusion([{ units: ownUnits(tasks, 2), experts: perState(), outputs: tasks, gate: softmaxGate() }]),
);

const context = ['state', 'device'];
const modelOf = (update: TableUpdate) =>
  trained(
    multiTaskModel({
      schema: { ...mixedSchema, context },
      network: network({}),
      input: embed({ dimension: 3, update, start: 'pytorch' }),
      seed: 7,
    }),
  );

it.each(some(['dense', 'sparse'] as const, 1))(
  'a file and both runtimes read contexts, with a table that is %s',
  async (update) => {
    const model = modelOf(update);
    const rows = mixedRows(37); // with unknown and missing states
    const expected = model.predict(rows);
    const moved = model.predict(rows.map((row) => ({ ...row, state: 'Utah' })));
    expect(largestDifference(moved, expected)).toBeGreaterThan(1e-2);

    const file = await exportOnnx(model);
    const schema = JSON.parse(readMetadata(file).properties['polytask.schema']!) as { context: unknown };
    expect(schema.context).toEqual(context);
    const runtime = await nodeRuntime();
    const session = await runtime.load(file);
    const outputs = await session.run(encodeForOnnx(model.schema, rows));
    const data = Object.fromEntries(Object.entries(outputs).map(([name, each]) => [name, each.data]));
    expect(largestDifference(data, expected)).toBeLessThan(1e-5);
    await session.release();

    for (const each of [runtime, await webRuntime()]) {
      const predictor = await compilePredict(model, { runtime: each, batchSizes: [1, 16] });
      expect(largestDifference(await predictor.predict(rows), expected)).toBeLessThan(1e-5);
      await predictor.dispose();
    }
    model.dispose();
  },
);
