import type * as tf from '@tensorflow/tfjs';
import { liveNodes, type Recorded, sizeOf } from '../graph/graph.ts';
import { writeModel } from '../onnx/write-model.ts';
import { rewrite, type Pass } from '../rewrite/rewrite.ts';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { type HostTensor, tensorDifference } from '../runtimes/runtime.ts';
import { trace, type Tensors, type TensorSpec } from '../trace.ts';
import { structureFaults } from './onnx-schema.ts';

/** The operations that the outputs depend on, in the order of the graph. */
export const operations = (recorded: Recorded): string[] => liveNodes(recorded).map(({ op }) => op);

/**
 * Rewrites the graph of a function with the rules of one walk, and runs both graphs on the same values.
 *
 * @returns the operations of the rewritten graph
 * @throws Error when the results differ, or when a file is not well formed
 */
export async function checkRule(
  pass: Pass,
  fn: (...inputs: tf.Tensor[]) => Tensors,
  specs: Readonly<Record<string, TensorSpec>>,
): Promise<string[]> {
  const recorded = trace(fn, specs);
  const rewritten = rewrite(recorded, [pass]);
  const feeds: Record<string, HostTensor> = {};
  for (const [name, { shape }] of Object.entries(specs)) {
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(7 * i + 1));
    feeds[name] = { type: 'float32', shape, data };
  }
  const [expected, received] = [await run(recorded, feeds), await run(rewritten, feeds)];
  const wrong = tensorDifference(received, expected, { dtypes: true, tolerance: 1e-6 });
  if (wrong) throw new Error(wrong);
  return operations(rewritten);
}

async function run({ graph, outputs }: Recorded, feeds: Record<string, HostTensor>): Promise<HostTensor[]> {
  const model = writeModel(graph, outputs);
  const faults = structureFaults(model);
  if (faults.length > 0) throw new Error(faults.join('; '));
  const session = await (await nodeRuntime()).load(model);
  const results = await session.run(feeds);
  await session.release();
  return outputs.map(({ name }) => results[name]!);
}
