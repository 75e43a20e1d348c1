import * as tf from '@tensorflow/tfjs-core';
import type { Logits } from '../fusion/network.ts';
import { unstack } from '../layers/members.ts';

/** The logits of tasks with equally many outputs, [tasks, batch, outputs]. */
export interface LogitsBlock {
  readonly tasks: readonly string[];
  readonly stacked: tf.Tensor3D;
}

/** The logits of all tasks, in a block for each number of outputs. */
export type StackedLogits = readonly LogitsBlock[];

/** Views of the logits, by task in this order. */
export function logitsByTask(blocks: StackedLogits, tasks: readonly string[]): Logits {
  const views = new Map(
    blocks.flatMap((block) => unstack(block.stacked).map((logits, i) => [block.tasks[i]!, logits] as const)),
  );
  return Object.fromEntries(tasks.map((task) => [task, views.get(task) as tf.Tensor2D]));
}

/** Stacks logits that are by task. */
export function stackLogits(logits: Logits): StackedLogits {
  const widthOf = (task: string) => logits[task]!.shape[1];
  const all = Object.keys(logits);
  return [...new Set(all.map(widthOf))].map((width) => {
    const tasks = all.filter((task) => widthOf(task) === width);
    return { tasks, stacked: tf.stack(tasks.map((task) => logits[task]!)) as tf.Tensor3D };
  });
}

/** The logits of tasks of one block: a view of the block if the tasks follow one another there. */
export function logitsOf({ tasks, stacked }: LogitsBlock, some: readonly string[]): tf.Tensor3D {
  const first = tasks.indexOf(some[0]!);
  if (!some.every((task, i) => tasks[first + i] === task)) {
    const views = unstack(stacked);
    return tf.stack(some.map((task) => views[tasks.indexOf(task)]!)) as tf.Tensor3D;
  }
  return some.length === tasks.length ? stacked : tf.slice(stacked, [first, 0, 0], [some.length, -1, -1]);
}
