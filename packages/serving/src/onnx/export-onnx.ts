import { fail, oneOf, optional, readOptions, record, string, sum } from '@polytask/components';
import type { FromDescription, Read, Written } from '@polytask/components';
import { type ExternalConstants, forInference, trace, writeDynamicModel } from '@polytask/compile';
import { withMetadata } from '@polytask/compile/internal';
import {
  openFolder,
  predictionOf,
  listFolder,
  readParameters,
  requireFinite,
  sha256Of,
  chunksOf,
  taskScores,
  type MultiTaskModel,
  type Task,
  type Tasks,
  type EmbeddingTable,
} from '@polytask/core';
import { parameterInput, parameterNames, readSnapshot } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import manifest from '../../package.json' with { type: 'json' };
import { precisionOfTrained } from '../predict/predict-graph.ts';
import { encodeFeatures, inputSpecs } from './feature-inputs.ts';
import { onnxNames, schemaDocument } from './schema-document.ts';

const description = {
  /** More entries for the file's `metadata_props`. Their names must not begin with `polytask.`. */
  metadata: optional(record(string), {}),
  /**
   * How the file stores the trained matrices: `float16` halves it, `int8` makes it a quarter, and the graph computes in float32. With
   * `dynamic-int8`, products with matrices of 32 × 32 and more are computed in int8, which is faster for wide layers.
   */
  precision: optional(oneOf('float32', 'float16', 'int8', 'dynamic-int8'), 'float32'),
};

export interface ExportOptions extends Written<typeof description>, FromDescription {}

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
  options: ExportOptions = {},
): Promise<Uint8Array> {
  return onnxGraph(model, readOptions(options, description, 'exportOnnx'));
}

/** The bytes of an ONNX file. @param external the file of the tables with sparse updates. Default: they are inside */
async function onnxGraph<T extends Tasks>(
  model: MultiTaskModel<T>,
  { metadata, precision }: Read<typeof description>,
  external?: ExternalConstants,
): Promise<Uint8Array> {
  const tables = model.store.tables();
  if (!external) checkSize(tables);
  const reserved = Object.keys(metadata).find((key) => key.startsWith('polytask.'));
  if (reserved !== undefined)
    fail({
      expected: 'metadata of your own',
      received: `"${reserved}"`,
      fix: 'Names that begin with polytask. are taken.',
    });
  const names = onnxNames(model.schema);
  const inside = external ? [] : tables;
  const ofTables = Object.fromEntries(inside.map(({ name, values }) => [parameterInput(name), values] as const));
  const parameters = { ...(await readSnapshot(model)), ...ofTables };
  requireFinite(Object.entries(await readParameters(model.store)), 'the model to export');
  const predict = (tensors: readonly tf.Tensor[], batch: number) => {
    const inputs = Object.fromEntries(names.inputs.map((name, i) => [name, tensors[i]!]));
    const features = encodeFeatures(model.layout, inputs, batch);
    const gathered = { tables: Object.fromEntries(variables), positions: features }; // all rows, so an id is its own position
    const { logits } = model.forward({ ...features, gathered });
    const outputs = Object.entries<Task>(model.schema.tasks).map(([name, task]) => {
      const scores = taskScores(task, logits[name]!, model.members);
      return [names.outputs[name]!, predictionOf(task).names ? scores : tf.reshape(scores, [-1])] as const;
    });
    return Object.fromEntries(outputs);
  };
  const variables = new Map(tables.map(({ name, shape }) => [name, tf.tidy(() => tf.variable(tf.zeros(shape)))]));
  let file: Uint8Array;
  try {
    file = writeDynamicModel(
      (batch) => {
        const specs = inputSpecs(model.layout, batch);
        const traced = trace((...tensors) => predict(tensors, batch), specs, parameterNames(model, variables));
        return forInference(traced, parameters);
      },
      { external, precisionOf: precisionOfTrained(model, parameters, precision) },
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

const MOST_BYTES = 2 ** 31 - 1;

function checkSize(tables: readonly EmbeddingTable[]): void {
  const bytes = sum(tables, ({ size }) => size * Float32Array.BYTES_PER_ELEMENT);
  if (bytes <= MOST_BYTES) return;
  fail({
    expected: 'embedding tables of at most 2 GB in one ONNX file',
    received: `${bytes} bytes`,
    fix: 'Write files with saveOnnx, which keeps large tables in a file of their own.',
  });
}

const savedDescription = {
  ...description,
  /**
   * Where embedding tables with sparse updates are: in the ONNX file, or in a second file beside it. Default: `beside` when
   * they have 256 MB or more.
   */
  tables: optional(oneOf('inside', 'beside')),
};

export interface SaveOnnxOptions extends Written<typeof savedDescription>, FromDescription {}

/** The bytes of tables from which the default is a file of their own. */
const BESIDE_FROM = 2 ** 28;

/** ONNX Runtime maps the file into memory, which takes whole pages; those of Windows are the largest. */
const PAGE = 2 ** 16;

/**
 * Writes a trained model as an ONNX file, as `exportOnnx` makes it. Large tables are written to a second file, which ONNX
 * Runtime finds in the same folder (external data). Its name ends with a part of its sha256 and `.data`. The ONNX file is
 * replaced last, and the data of an earlier export is removed after that: if the process stops, the folder has the old model
 * or the new one.
 *
 * @param file the path of the ONNX file. In a browser, `opfs://…` or `indexeddb://…`
 * @returns the names of the files in the folder, the ONNX file first
 * @throws PolytaskError when a parameter is NaN or infinite, a name isn't allowed in the file, or tables `inside` are larger than 2 GB
 * @throws CompileError when the model has an operation that can't be compiled
 * @example await saveOnnx(model, 'people.onnx') // ['people.onnx']
 */
export async function saveOnnx<T extends Tasks>(
  model: MultiTaskModel<T>,
  file: string,
  given: SaveOnnxOptions = {},
): Promise<string[]> {
  const { tables: place, ...options } = readOptions(given, savedDescription, 'saveOnnx');
  const cut = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1;
  const [directory, name] = [file.slice(0, cut) || '.', file.slice(cut)];
  const tables = model.store.tables();
  const { arrays, offsets, size } = dataFile(tables);
  const hasNarrowTables = options.precision === 'float16' || options.precision === 'int8';
  if (hasNarrowTables && place === 'beside') {
    fail({
      expected: "tables 'inside' the file for a precision of fewer bits",
      received: `tables 'beside' it, and ${options.precision}`,
      fix: 'Leave one of the options out.',
    });
  }
  const isBeside =
    !hasNarrowTables && tables.length > 0 && (place ?? (size < BESIDE_FROM ? 'inside' : 'beside')) === 'beside';
  const data = isBeside ? `${name}.${(await sha256Of(chunksOf(arrays))).slice(0, 16)}.data` : undefined;
  const graph = await onnxGraph(model, options, data === undefined ? undefined : { file: data, offsets });
  const isData = (other: string) => other.startsWith(`${name}.`) && DATA_ENDING.test(other.slice(name.length));
  await openFolder(directory).write(async (writer) => {
    if (data) await writer.replace(data, chunksOf(arrays));
    await writer.replace(name, graph);
    for (const other of await listFolder(directory)) if (isData(other) && other !== data) await writer.remove(other);
  });
  return data ? [name, data] : [name];
}

const DATA_ENDING = /^\.[0-9a-f]{16}\.data$/;

/** The file of the tables: its arrays, and the first byte of each table by the name of its input. */
function dataFile(tables: readonly EmbeddingTable[]) {
  const arrays: ArrayBufferView[] = [];
  const offsets = new Map<string, number>();
  let size = 0;
  for (const { name, values } of tables) {
    offsets.set(parameterInput(name), size);
    const padding = new Uint8Array((PAGE - (values.byteLength % PAGE)) % PAGE);
    arrays.push(values, padding);
    size += values.byteLength + padding.length;
  }
  return { arrays, offsets, size };
}
