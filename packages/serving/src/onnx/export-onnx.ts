import { forInference, trace, withMetadata, writeDynamicModel, type ExternalConstants } from '@polytask/compile';
import {
  fail,
  readParameters,
  requireFinite,
  type MultiTaskModel,
  type EmbeddingTable,
  type Tasks,
} from '@polytask/core';
import { parameterInput, parameterNames, readSnapshot } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import manifest from '../../package.json' with { type: 'json' };
import { scoreOf } from '../predict/predict-graph.ts';
import { encodeFeatures, inputSpecs } from './feature-inputs.ts';
import { onnxNames, schemaDocument } from './schema-document.ts';

export interface ExportOptions {
  /** More entries for the file's `metadata_props`. Their names must not begin with `polytask.`. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * Exports a trained model as one ONNX file for any ONNX Runtime (Python, Node, browsers, C++, …) and any batch size. The
 * outputs are those of `model.predict`. The file standardizes numbers itself. `encodeForOnnx` makes the inputs from rows.
 *
 * The inputs have the names of the features:
 * - a number: float32 [batch], NaN where it is missing
 * - a vector: float32 [batch, width]
 * - a category: int32 [batch], 0 for unknown, 1 for missing, 2 + i for entry i of the vocabulary
 * - several categories, or a sequence: int32 [batch, maxLength], −1 in empty slots
 * - a side column of numbers: float32 [batch, maxLength], NaN in empty slots
 *
 * The outputs have the names of the tasks: float32 [batch], or [batch, classes] for multiclass tasks. A task with the name of
 * a feature is `NAME_prediction`.
 *
 * @returns the file's bytes. `polytask.schema` in `metadata_props` is the `SchemaDocument` as JSON
 * @throws PolytaskError when a parameter is NaN or infinite, a name isn't allowed in the file, or the tables are larger
 * than 2 GB, the limit of ONNX
 * @throws CompileError when the model has an operation that can't be compiled
 * @example await writeFile('model.onnx', await exportOnnx(model))
 */
export async function exportOnnx<T extends Tasks>(
  model: MultiTaskModel<T>,
  options?: ExportOptions,
): Promise<Uint8Array> {
  checkSize(model.store.tables());
  return onnxGraph(model, options);
}

/**
 * The bytes of an ONNX file.
 *
 * @param external the file with the numbers of the tables that are trained by rows. Default: they are in the ONNX file
 */
export async function onnxGraph<T extends Tasks>(
  model: MultiTaskModel<T>,
  { metadata = {} }: ExportOptions = {},
  external?: ExternalConstants,
): Promise<Uint8Array> {
  const reserved = Object.keys(metadata).find((key) => key.startsWith('polytask.'));
  if (reserved !== undefined)
    fail({
      expected: 'metadata of your own',
      received: `"${reserved}"`,
      mend: 'Names that begin with polytask. are taken.',
    });
  const names = onnxNames(model.schema);
  const tables = model.store.tables();
  const inside = external ? [] : tables;
  const ofTables = Object.fromEntries(inside.map(({ name, values }) => [parameterInput(name), values] as const));
  const parameters = { ...(await readSnapshot(model)), ...ofTables };
  requireFinite(Object.entries(await readParameters(model.store)), 'the model to export');
  const predict = (tensors: readonly tf.Tensor[], batch: number) => {
    const inputs = Object.fromEntries(names.inputs.map((name, i) => [name, tensors[i]!]));
    const whole = Object.fromEntries(variables);
    const features = encodeFeatures(model.layout, inputs, batch);
    const gathered = { tables: whole, positions: features }; // all rows, so an id is its own position
    const { logits } = model.forward({ ...features, gathered });
    return Object.fromEntries(
      model.taskNames.map((task) => [
        names.outputs[task]!,
        scoreOf(model.schema.tasks[task]!, logits[task], model.members),
      ]),
    );
  };
  const variables = new Map(tables.map(({ name, shape }) => [name, tf.tidy(() => tf.variable(tf.zeros(shape)))]));
  let file: Uint8Array;
  try {
    file = writeDynamicModel(
      (batch) => {
        const specs = inputSpecs(model.layout, batch);
        return forInference(
          trace((...tensors) => predict(tensors, batch), specs, parameterNames(model, variables)),
          parameters,
        );
      },
      { external },
    );
  } finally {
    tf.dispose([...variables.values()]);
  }
  return withMetadata(file, {
    producerVersion: manifest.version,
    description: `A Polytask model of ${model.taskNames.join(', ')}`,
    properties: {
      'polytask.version': manifest.version,
      'polytask.schema': JSON.stringify(schemaDocument(model.schema, names)),
      ...metadata,
    },
  });
}

/** The most bytes of an ONNX file, as its format allows. */
const MOST_BYTES = 2 ** 31 - 1;

function checkSize(tables: readonly EmbeddingTable[]): void {
  const bytes = tables.reduce((sum, { size }) => sum + size * Float32Array.BYTES_PER_ELEMENT, 0);
  if (bytes <= MOST_BYTES) return;
  fail({
    expected: 'embedding tables of at most 2 GB in one ONNX file',
    received: `${bytes} bytes`,
    mend: 'Write files with saveOnnx, which keeps large tables in a file of their own.',
  });
}
