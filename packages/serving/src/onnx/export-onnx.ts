import { forInference, trace, withMetadata, writeDynamicModel } from '@polytask/compile';
import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import { parameterNames, readSnapshot } from '@polytask/graphs';
import type * as tf from '@tensorflow/tfjs';
import manifest from '../../package.json' with { type: 'json' };
import { scoreOf } from '../predict/predict-graph.ts';
import { encodeFeatures, inputSpecs } from './feature-inputs.ts';
import { onnxNames, schemaDocument } from './schema-document.ts';

/** This package's version; it stands in the files that it writes. */
export const VERSION: string = manifest.version;

export interface ExportOptions {
  /** Texts for the file's `metadata_props`, beside `polytask.version` and `polytask.schema`. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * A trained model as one ONNX file for any ONNX Runtime (Python, Node, browsers, C++, …) and any batch size: the numeric
 * part of the feature encoding, the network, and the tasks' outputs, with the same numbers as `model.predict`.
 *
 * Inputs, by feature: a number is float32 [batch], NaN where it is missing; a vector float32 [batch, width]; a category
 * int32 [batch], 0 for unknown, 1 for missing, 2 + i for entry i of its vocabulary; several categories int32
 * [batch, maxLength], −1 in empty slots. `encodeForOnnx` makes them from rows. Outputs, by task: float32 [batch], or
 * [batch, classes]. A task that is called like a feature is `NAME_prediction`.
 *
 * @returns the file's bytes; `metadata_props` has the schema with its vocabularies, as JSON, in `polytask.schema`
 * @throws PolytaskError when a name can't stand in the file; CompileError when the model does something that has no graph
 * @example await writeFile('model.onnx', await exportOnnx(model))
 */
export async function exportOnnx<T extends Tasks>(
  model: MultiTaskModel<T>,
  options: ExportOptions = {},
): Promise<Uint8Array> {
  const { metadata = {} } = options;
  const own = Object.keys(metadata).find((key) => key.startsWith('polytask.'));
  if (own !== undefined)
    fail({
      expected: 'metadata of your own',
      received: `"${own}"`,
      mend: 'Names that begin with polytask. are taken.',
    });
  const names = onnxNames(model.schema);
  const parameters = await readSnapshot(model);
  const file = writeDynamicModel((batch) => {
    const specs = inputSpecs(model.layout, batch);
    const recorded = trace(
      (...tensors) => predict(model, names.outputs, byName(names.inputs, tensors)),
      specs,
      parameterNames(model),
    );
    return forInference(recorded, parameters);
  });
  return withMetadata(file, {
    producerVersion: VERSION,
    description: `A Polytask model of ${model.taskNames.join(', ')}`,
    properties: {
      'polytask.version': VERSION,
      'polytask.schema': JSON.stringify(schemaDocument(model.schema, names)),
      ...metadata,
    },
  });
}

/** What the file does. */
function predict<T extends Tasks>(
  model: MultiTaskModel<T>,
  outputs: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> {
  const { layout } = model;
  const batch = Object.values(inputs)[0]!.shape[0]!;
  const { logits } = model.forward(encodeFeatures(layout, inputs, batch));
  return Object.fromEntries(
    model.taskNames.map((task) => [outputs[task]!, scoreOf(model.schema.tasks[task]!, logits[task])]),
  );
}

const byName = (names: readonly string[], tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
