import type { HostTensor, Runtime } from '@polytask/compile';
import { levelWeightsOf, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import { ForwardGraphs } from '@polytask/graphs';
import type * as tf from '@tensorflow/tfjs-core';
import type { Scorer } from '../../engine.ts';

/** Forward passes as ONNX graphs. A model that can't be compiled fails here, before the first batch. */
export function compiledScorer<T extends Tasks>(model: MultiTaskModel<T>, runtime: Runtime): Scorer {
  const logits = new ForwardGraphs(model, runtime, (batch) => model.forward(batch).logits as Record<string, tf.Tensor>);
  let weights: ForwardGraphs | undefined;
  return {
    async logits(batch: Batch) {
      const { results, rows } = await logits.run(batch);
      const ofTask = (task: string) => firstRows(results[task]!, model.members, rows, batch.size);
      return Object.fromEntries(model.taskNames.map((task) => [task, ofTask(task)]));
    },
    async weights(batch: Batch) {
      const { levels } = model.network;
      if (levels.length === 0) return [];
      weights ??= new ForwardGraphs(model, runtime, (tensors) =>
        Object.fromEntries(
          levelWeightsOf(model, tensors).flatMap(({ gated, constant }, l) => [
            ...(gated ? [[gatedOf(l), gated] as const] : []),
            ...(constant ? [[constantOf(l), constant] as const] : []),
          ]),
        ),
      );
      const { results, rows } = await weights.run(batch);
      return levels.map(({ outputs }, l) => ({
        gated: results[gatedOf(l)] && firstRows(results[gatedOf(l)]!, outputs.length, rows, batch.size),
        constant: results[constantOf(l)]?.data as Float32Array | undefined,
      }));
    },
    async close() {
      await logits.close();
      await weights?.close();
    },
  };
}

const gatedOf = (level: number): string => `gated:${level}`;
const constantOf = (level: number): string => `constant:${level}`;

/** The first rows of each block, without padding: [blocks × rows × width] → [blocks × count × width]. */
function firstRows({ data }: HostTensor, blocks: number, rows: number, count: number): Float32Array {
  const width = data.length / (blocks * rows);
  const result = new Float32Array(blocks * count * width);
  for (let b = 0; b < blocks; b++)
    result.set((data as Float32Array).subarray(b * rows * width, (b * rows + count) * width), b * count * width);
  return result;
}
