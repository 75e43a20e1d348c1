import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random/random.ts';
import { binary } from '../tasks/binary.ts';
import { denseModel, tinyModel, tinyRows } from '../testing/tiny.ts';
import { asLayer } from './model-layer.ts';

const numbers = (rows: number, width: number) => tf.tensor2d(randomStream(1, 'x').normal(rows * width), [rows, width]);

/** Keeps what `tf.model.save` gives, and gives it back to `tf.loadLayersModel`. */
async function roundTrip(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = JSON.parse(JSON.stringify({ ...saved, weightData: undefined })) as tf.io.ModelArtifacts;
      artifacts.weightData = saved.weightData!;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return tf.loadLayersModel(tf.io.fromMemory(artifacts!));
}

/** A model inside a tf.model, after a plain tf.layers layer. */
function joined() {
  const layer = asLayer(denseModel({ click: binary(), like: binary() }), { name: 'tasks' });
  const x = tf.input({ shape: [3] });
  const before = tf.layers.dense({
    units: 5,
    activation: 'tanh',
    kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
  });
  const outputs = layer.apply(before.apply(x)) as tf.SymbolicTensor[];
  return { layer, model: tf.model({ inputs: x, outputs }) };
}

describe('a Polytask model as a tf.layers layer', () => {
  it('gives what the model predicts, task by task', () => {
    const model = denseModel({ click: binary(), like: binary() });
    const x = numbers(4, 5);
    const [click, like] = asLayer(model).apply(x) as tf.Tensor[];
    const rows = (x.arraySync() as number[][]).map((row) => ({ x: row }));
    click!.dataSync().forEach((value, i) => expect(value).toBeCloseTo(model.predict(rows).click[i]!, 6));
    like!.dataSync().forEach((value, i) => expect(value).toBeCloseTo(model.predict(rows).like[i]!, 6));
  });

  it('gives logits when asked, and takes every part of a mixed schema', () => {
    const model = tinyModel();
    const layer = asLayer(model, { output: 'logits' });
    expect(layer.inputWidths.map(({ name, width }) => [name, width])).toEqual([
      ['numeric', 5],
      ['ids', 2],
      ['bagIds', 3],
      ['bagWeights', 3],
    ]);
    const tensors = model.toTensors(model.encode(tinyRows));
    const outputs = layer.apply([tensors.numeric, tensors.ids, tensors.bagIds, tensors.bagWeights]) as tf.Tensor[];
    expect(outputs.map((output) => output.shape)).toEqual([
      [3, 1],
      [3, 3],
      [3, 1],
    ]);
    outputs[1]!
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(model.forward(tensors).logits.stars.dataSync()[i]!, 6));
    expect(() => layer.apply([tensors.numeric, tensors.ids])).toThrow('Expected 4 inputs');
  });

  it('gives the mean scores of members, but not their logits', () => {
    const model = tinyModel({ members: 2 });
    const tensors = model.toTensors(model.encode(tinyRows));
    const inputs = [tensors.numeric, tensors.ids, tensors.bagIds, tensors.bagWeights];
    const [click] = asLayer(model).apply(inputs) as tf.Tensor[];
    expect([...click!.dataSync()]).toEqual([...model.predict(tinyRows).click]);
    expect(() => asLayer(model, { output: 'logits' })).toThrow(
      'Expected a model of one member for a layer that gives logits, received 2 members',
    );
  });

  it("is trained by fit: its weights are the model's parameters", { tags: ['long'] }, async () => {
    const { layer, model } = joined();
    expect(layer.trainableWeights.length).toBe(layer.model.store.trainable().length);
    expect(model.countParams()).toBe(3 * 5 + 5 + layer.model.parameterCount);
    const before = layer.model.store.get('heads.kernel').variable.dataSync().slice();
    model.compile({ optimizer: tf.train.sgd(0.5), loss: ['binaryCrossentropy', 'binaryCrossentropy'] });
    const x = numbers(64, 3);
    const y = tf.cast(tf.greater(tf.sum(x, 1, true), 0), 'float32');
    const { history } = await model.fit(x, [y, y], { epochs: 30, batchSize: 64, verbose: 0 });
    expect(Number(history['loss']!.at(-1))).toBeLessThan(0.8 * Number(history['loss']![0]));
    expect(layer.model.store.get('heads.kernel').variable.dataSync()).not.toEqual(before);
  });

  it('is saved and loaded with the tf.model, names with capitals and all', async () => {
    const layer = asLayer(denseModel({ neverMarried: binary(), Income_50K: binary() }), { output: 'logits' });
    const x = tf.input({ shape: [5] });
    const model = tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor[] });
    layer.model.store.all().forEach(({ variable }) => variable.assign(tf.add(variable, 0.1)));
    const loaded = await roundTrip(model);
    const input = numbers(6, 5);
    const [expected, got] = [model, loaded].map((each) =>
      (each.predict(input) as tf.Tensor[]).map((t) => [...t.dataSync()]),
    );
    expect(got).toEqual(expected);
    const inner = loaded.layers.at(-1) as ReturnType<typeof asLayer>;
    expect(inner.model.taskNames).toEqual(['neverMarried', 'Income_50K']);
  });
});
