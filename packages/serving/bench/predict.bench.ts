// Milliseconds of a prediction, one thread, in the line format of the PyTorch timing script:
//   npx tsx -C @polytask/source packages/serving/bench/predict.bench.ts [A|B] [seconds a line]
// A and B are the configurations of that script, AdaTT-sp. It reads rows that are encoded, as PyTorch reads a tensor; "rows"
// are objects, encoding included. "feeds" is the same graph with its parameters as inputs instead of constants.
import { adattSp } from '@polytask/adatt';
import { nodeRuntime, trace, writeModel, type HostTensor } from '@polytask/compile';
import { variableInput } from '@polytask/compile/internal';
import { binary, denseSchema, emptyBatch, multiTaskModel, allParts } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { compilePredict } from '@polytask/serving';
import * as tf from '@tensorflow/tfjs';

const configurations = {
  A: { inputDim: 320, tasks: 3, widths: [64, 32], tower: 16 },
  B: { inputDim: 512, tasks: 8, widths: [256, 128], tower: 64 },
};
const name = (process.argv[2] ?? 'A') as keyof typeof configurations;
const seconds = Number(process.argv[3] ?? 1);
const { inputDim, tasks, widths, tower } = configurations[name];

const model = multiTaskModel({
  schema: denseSchema(inputDim, Object.fromEntries(Array.from({ length: tasks }, (_, t) => [`task${t}`, binary()]))),
  network: adattSp({ levels: widths.map((width) => ({ experts: mlp([width]), perTask: 2 })) }),
  tower: mlp([tower]),
  seed: 0,
});
const runtime = await nodeRuntime({ threads: 1 });
const predictor = await compilePredict(model, { runtime });
const random = (length: number) => Float32Array.from({ length }, () => 2 * Math.random() - 1);

for (const size of [1, 16, 256, 2048]) {
  const batch = { ...emptyBatch(size, model.layout), numeric: random(size * inputDim) };
  const rows = Array.from({ length: size }, (_, i) => ({
    x: Array.from(batch.numeric.subarray(i * inputDim, (i + 1) * inputDim)),
  }));
  await report('inference', size, () => predictor.predict(batch));
  await report('inference, rows', size, () => predictor.predict(rows));
  await report('inference, feeds', size, await withFeeds(size, batch.numeric));
}
await predictor.dispose();

async function report(what: string, batch: number, run: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 20; i++) await run();
  const times: number[] = [];
  for (const until = performance.now() + seconds * 1000; performance.now() < until || times.length < 8;) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Number(times[Math.floor(share * times.length)]!.toFixed(4));
  console.log(
    JSON.stringify({
      framework: 'polytask',
      model: 'att_sp',
      config: name,
      threads: 1,
      what,
      batch,
      p10: at(0.1),
      median: at(0.5),
      p90: at(0.9),
      runs: times.length,
    }),
  );
}

/** The graph as it is traced, with the parameters as inputs. */
async function withFeeds(size: number, numeric: Float32Array): Promise<() => Promise<unknown>> {
  const forward = (x: tf.Tensor) => {
    const { logits } = model.forward(allParts({ numeric: x }, size));
    return tf.concat(model.taskNames.map((task) => tf.sigmoid(tf.reshape(logits[task]!, [-1]))));
  };
  const recorded = trace(forward, { x: { shape: [size, inputDim] } });
  const session = await runtime.load(writeModel(recorded.graph, recorded.outputs));
  const feeds: Record<string, HostTensor> = { x: { type: 'float32', shape: [size, inputDim], data: numeric } };
  for (const variable of recorded.reads) {
    feeds[variableInput(variable)] = { type: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() };
  }
  return () => session.run(feeds);
}
