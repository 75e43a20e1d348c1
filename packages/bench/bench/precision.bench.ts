// What float16, int8 and dynamic int8 change in a model of census-income: bytes, AUC on the test rows, and the time of 256 rows.
//   npm run precision-quality -- DIR [epochs] [widths …]
// DIR has the files of census-income. It trains AdaTT with levels of 128 and 64 units, and of 512 and 256 (default), for 3 epochs, and runs
// each ONNX file in onnxruntime-node with one thread. Times are medians of 200 runs in turns.
import { adatt } from '@polytask/adatt';
import { adam, fit } from '@polytask/training';
import { labelsOf, multiTaskModel, type Row } from '@polytask/core';
import { encode, rawFeatures, readCensusIncome, split } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { auc } from '@polytask/metrics';
import { encodeForOnnx, exportOnnx } from '@polytask/serving';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [directory, epochs = '3', ...widths] = process.argv.slice(2);
if (directory === undefined)
  throw new Error('Pass the directory of census-income: npm run precision-quality -- data/census');
const PRECISIONS = ['float32', 'float16', 'int8', 'dynamic-int8'] as const;
const ONE_THREAD = { intraOpNumThreads: 1, interOpNumThreads: 1 };

const raw = await readCensusIncome(directory);
const { train, validation } = split(raw.train, { validation: 0.1, seed: 1 });
const test = encode(raw.test, train.schema);
const columns = rawFeatures(raw.test, 0, raw.test.size);
const rows = Array.from({ length: raw.test.size }, (_, i) =>
  Object.fromEntries(columns.map(({ name, values }) => [name, values[i]])),
) as Row[];
const feedsOf = (some: readonly Row[]) =>
  Object.fromEntries(
    Object.entries(encodeForOnnx(train.schema, some)).map(([name, { type, data, shape }]) => [
      name,
      new Tensor(type, data as Float32Array, shape),
    ]),
  );
const [all, few] = [feedsOf(rows), feedsOf(rows.slice(0, 256))];

for (const [wide, narrow] of widths.length > 0
  ? widths.map((each) => each.split(',').map(Number))
  : [
      [128, 64],
      [512, 256],
    ]) {
  const levels = [wide!, narrow!].map((width) => ({ experts: mlp([width]), perTask: 2 }));
  const model = multiTaskModel({ schema: train.schema, network: adatt({ levels }), tower: mlp([32]), seed: 1 });
  await fit(model, train, {
    validation,
    optimizer: adam(3e-3),
    batchSize: 1024,
    epochs: Number(epochs),
    progress: false,
  });
  const files = await Promise.all(PRECISIONS.map((precision) => exportOnnx(model, { precision })));
  const sessions = await Promise.all(files.map((file) => InferenceSession.create(file, ONE_THREAD)));
  const times = sessions.map((): number[] => []);
  for (let run = 0; run < 220; run++)
    for (const [i, session] of sessions.entries()) {
      const start = performance.now();
      await session.run(few);
      if (run >= 20) times[i]!.push(performance.now() - start);
    }
  for (const [i, session] of sessions.entries()) {
    const outputs = await session.run(all);
    const scores = model.taskNames.map((task) => {
      const { labels } = labelsOf(test.arrays, task);
      return `${task} ${auc(labels, outputs[task]!.data as Float32Array).toFixed(5)}`;
    });
    const median = times[i]!.sort((a, b) => a - b)[100]!;
    console.log(
      `${wide}, ${narrow}: ${PRECISIONS[i]}, ${files[i]!.length} bytes, AUC ${scores.join(', ')}; ${median.toFixed(2)} ms`,
    );
  }
  model.dispose();
}
