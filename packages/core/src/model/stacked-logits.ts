import * as tf from '@tensorflow/tfjs-core';
import type { Logits } from '../fusion/network.ts';
import { unstack } from '../layers/members.ts';

/** The logits of tasks with equally many outputs, [tasks, batch, outputs]. */
export interface LogitsBlock {
  readonly tasks: readonly string[];
  readonly stacked: tf.Tensor3D;
}

/** The logits of all tasks, in blocks. Heads give a block for each number of outputs. */
export type StackedLogits = readonly LogitsBlock[];

/** Views of the logits, by task in this order. */
export function logitsByTask(blocks: StackedLogits, tasks: readonly string[]): Logits {
  const views = Object.fromEntries(
    blocks.flatMap((block) => unstack(block.stacked).map((logits, i) => [block.tasks[i]!, logits])),
  ) as Logits;
  return Object.fromEntries(tasks.map((task) => [task, views[task]!]));
}

/** Logits that are by task, as blocks of one. */
export const stackLogits = (logits: Logits): StackedLogits =>
  Object.entries(logits).map(([task, each]) => ({ tasks: [task], stacked: tf.expandDims(each) as tf.Tensor3D }));

/** The logits of tasks with equally many outputs: a block or a part of it, if the tasks follow one another there. */
export function logitsOf(blocks: StackedLogits, tasks: readonly string[]): tf.Tensor3D {
  const block = blocks.find((each) => each.tasks.includes(tasks[0]!))!;
  const first = block.tasks.indexOf(tasks[0]!);
  if (!tasks.every((task, i) => block.tasks[first + i] === task))
    return tf.stack(Object.values(logitsByTask(blocks, tasks))) as tf.Tensor3D;
  if (tasks.length === block.tasks.length) return block.stacked;
  return tf.slice(block.stacked, [first, 0, 0], [tasks.length, -1, -1]);
}
