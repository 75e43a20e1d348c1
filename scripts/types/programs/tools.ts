import { compile, nodeRuntime, trace, type HostTensor } from '@polytask/compile';
import { lossesOf, type MultiTaskModel } from '@polytask/core';
import { ForwardGraphs, traceModel } from '@polytask/graphs';
import { defineConfig, runSuite } from '@polytask/bench';
import {
  comparisonDocument,
  inProcess,
  memoryStore,
  openData,
  renderText,
  runStudy,
  createSuite,
} from '@polytask/study';
import * as tf from '@tensorflow/tfjs-core';
import { exactly } from './exactly.ts';

const w = tf.variable(tf.ones([3, 2]));
const layer = await compile((x) => tf.relu(tf.matMul(x, w)), { x: { shape: [4, 3] } });
exactly<Record<string, HostTensor>>()(await layer.run({ x: new Float32Array(12) }));
exactly<readonly tf.Variable[]>()(trace((x) => tf.exp(x), { x: { shape: [2] } }).reads);
// @ts-expect-error a spec has a shape
await compile((x) => tf.exp(x), { x: [2] });

declare const model: MultiTaskModel;
const logits = new ForwardGraphs(model, await nodeRuntime(), (rows) => model.forward(rows).logits);
exactly<Promise<void>>()(logits.close());
const { file } = traceModel(model, (call) => ({ loss: lossesOf(model, call.batch).total }), { rows: 32 });
exactly<Uint8Array>()(file);

const suite = await createSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
const data = openData(() => Promise.resolve(suite.entry));
const study = await runStudy(suite, {
  data,
  engine: { name: 'cpu', mode: 'eager' },
  executor: inProcess(data),
  store: memoryStore(),
});
exactly<string>()(renderText(comparisonDocument(study)));
// @ts-expect-error seeds are numbers
await runSuite({ suite: 'synthetic', seeds: ['one'] });
export default defineConfig({ plugins: ['mine'] });
