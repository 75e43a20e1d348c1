import { adatt } from '@polytask/adatt';
import {
  binary,
  denseSchema,
  load,
  multiTaskModel,
  parseJson,
  readParameters,
  readSafetensors,
  regression,
  toBytes,
  writeSafetensors,
  type MultiTaskModel,
} from '@polytask/core';
import { fromRows, encode, fitSchema, numeric, categorical } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { fit, restoreWeights } from '@polytask/training';
import '@tensorflow/tfjs-backend-cpu';
import type { FaultFormat } from '../format.ts';
import { filesOf, inDirectory, textOf, jsonBytes, bytesOf } from './temporary-files.ts';
import { checkConfiguration, configurationOf, fromReference, toReference } from '@polytask/reference';
import { readMetadata } from '@polytask/compile';
import { encodeForOnnx, exportOnnx, type SchemaDocument } from '@polytask/serving';

/** The schema in the metadata of an exported ONNX file, by which programs encode rows. */
const onnxSchema: FaultFormat = {
  name: 'ONNX schema',
  async example() {
    const file = await withModel(newModel(), (model) => exportOnnx(model));
    return { 'schema.json': bytesOf(readMetadata(file).properties['polytask.schema']!) };
  },
  load: async (files) => {
    const schema = parseJson(files['schema.json']!, 'a schema as JSON in the metadata') as SchemaDocument;
    return textOf(Object.entries(encodeForOnnx(schema, rows)));
  },
};

/** A configuration and a state dict of the authors' library. */
const referenceCase: FaultFormat = {
  name: 'reference case',
  async example() {
    const model = multiTaskModel({
      schema: denseSchema(3, { task0: binary(), task1: binary() }),
      network: adatt({ levels: [{ experts: mlp([4]), perTask: 2, shared: 1 }] }),
      tower: mlp([3]),
      seed: 1,
    });
    const [configuration, tensors] = [configurationOf(model), toReference(model)];
    model.dispose();
    return { 'case.json': jsonBytes(configuration), 'case.safetensors': writeSafetensors(tensors) };
  },
  async load(files) {
    const configuration = parseJson(files['case.json']!, 'a configuration as JSON in case.json');
    checkConfiguration(configuration);
    const { tensors } = readSafetensors(files['case.safetensors']!, 'case.safetensors');
    return withModel(fromReference(configuration, tensors), (model) => textOf(model.predict([{ x: [0.5, -1, 2] }])));
  },
};

/** A safetensors file alone. It has no checksum: the numbers may change, the header may not. */
const safetensors: FaultFormat = {
  name: 'safetensors',
  example: async () => ({
    'weights.safetensors': writeSafetensors(
      {
        w: { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 4, 5, 6) },
        ids: { dtype: 'int32', shape: [4], data: Int32Array.of(1, 2, 3, -4) },
        empty: { dtype: 'float32', shape: [0], data: new Float32Array() },
      },
      { format: 'polytask', toString: 'a' },
    ),
  }),
  load: async (files) => {
    const { tensors, metadata } = readSafetensors(files['weights.safetensors']!);
    return textOf([Object.entries(tensors), Object.entries(metadata)]);
  },
};

/** Rows of {@link newModel}. */
export const rows = Array.from({ length: 24 }, (_, i) => ({
  age: i,
  town: 'abc'[i % 3]!,
  bought: i % 2,
  hours: i / 3,
}));
const table = fromRows(rows, {
  features: { age: numeric(), town: categorical() },
  tasks: { bought: binary(), hours: regression() },
});
const examples = encode(table, fitSchema(table));

export const newModel = (): MultiTaskModel =>
  multiTaskModel({
    schema: examples.schema,
    network: adatt({ levels: [{ experts: mlp([3]), perTask: 1, shared: 1 }] }),
    tower: mlp([2]),
    seed: 3,
  }) as unknown as MultiTaskModel;

/** Uses a model, and frees it whatever happens. */
export async function withModel<M extends Pick<MultiTaskModel, 'dispose'>, R>(
  model: M,
  use: (model: M) => R | Promise<R>,
): Promise<R> {
  try {
    return await use(model);
  } finally {
    model.dispose();
  }
}

/** A saved model, `model.json` with its weights: all that decides a prediction. */
const model: FaultFormat = {
  name: 'model',
  sealed: true,
  example: () => withModel(newModel(), toBytes),
  load: async (files) => withModel(await load(files), (loaded) => textOf(loaded.predict(rows.slice(0, 5)))),
};

const checkpoint: FaultFormat = {
  name: 'checkpoint',
  sealed: true,
  example: () =>
    filesOf((directory) =>
      withModel(newModel(), (trained) =>
        fit(trained, examples, { epochs: 1, batchSize: 8, checkpoint: { directory } }),
      ),
    ),
  load: (files) =>
    inDirectory(files, (directory) =>
      withModel(newModel(), async (restored) => {
        await restoreWeights(restored, directory);
        return textOf(await readParameters(restored.store));
      }),
    ),
};

export const models = [safetensors, model, checkpoint, referenceCase, onnxSchema];
