import { compile, CompileError } from '@polytask/compile';
import { emptyBatch, levelWeightsOf, type Batch, type MultiTaskModel, type WeightNumbers } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs';
import { featureSpecs, partsOf, tracedFeatures } from '../traced-features.ts';

/** The fusion weights of batches up to a size, compiled. */
export interface CompiledWeights {
  pass(batch: Batch): Promise<WeightNumbers[]>;
  dispose(): Promise<void>;
}

/**
 * Compiles a model's weights: over a hundred thousand test rows TF.js would take longer than the training.
 *
 * @param rows the largest batch; smaller ones are padded with rows that nobody reads
 * @returns nothing for a network without levels, or one whose weights can't be traced
 */
export async function compiledWeights(model: MultiTaskModel, rows: number): Promise<CompiledWeights | undefined> {
  const { levels } = model.network;
  if (levels.length === 0) return undefined;
  const specs = featureSpecs(model, rows);
  const weights = (...inputs: tf.Tensor[]) =>
    Object.fromEntries(
      levelWeightsOf(model, tracedFeatures(model, rows, inputs)).flatMap(({ gated, constant }, l) => [
        ...(gated ? [[`gated:${l}`, gated] as const] : []),
        ...(constant ? [[`constant:${l}`, constant] as const] : []),
      ]),
    );
  try {
    const compiled = await compile(weights, specs);
    return {
      async pass(batch) {
        const padded = batch.size < rows ? pad(model, batch, rows) : batch;
        const results = await compiled.run(Object.fromEntries(partsOf(specs).map((part) => [part, padded[part]])));
        const numbers = (name: string) => results[name]?.data as Float32Array | undefined;
        return levels.map((_, l) => {
          const gated = numbers(`gated:${l}`);
          return { gated: gated && firstRows(gated, levels[l]!.outputs.length, rows, batch.size), constant: numbers(`constant:${l}`) };
        });
      },
      dispose: () => compiled.dispose(),
    };
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

function pad(model: MultiTaskModel, batch: Batch, rows: number): Batch {
  const padded = emptyBatch(rows, model.layout);
  for (const part of ['numeric', 'ids', 'bagIds', 'bagWeights'] as const) padded[part].set(batch[part] as never);
  return padded;
}

/** The first rows of each unit: [units × rows × experts] → [units × count × experts]. */
function firstRows(gated: Float32Array, units: number, rows: number, count: number): Float32Array {
  if (rows === count) return gated;
  const experts = gated.length / (units * rows);
  const kept = new Float32Array(units * count * experts);
  for (let u = 0; u < units; u++) kept.set(gated.subarray(u * rows * experts, (u * rows + count) * experts), u * count * experts);
  return kept;
}
