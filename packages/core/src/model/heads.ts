import * as tf from '@tensorflow/tfjs-core';
import type { Contexts } from '../features/context-places.ts';
import { createBank } from '../fusion/bank.ts';
import type { ExpertSpec } from '../fusion/expert.ts';
import { takeLanes, type Lanes } from '../fusion/lanes.ts';
import type { Logits, Network } from '../fusion/network.ts';
import { takeMembers, unstack } from '../layers/members.ts';
import { biasUniform, dense } from '../layers/dense.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { logitsOf as outputsOf } from '../tasks/check-tasks.ts';
import { baseRateBias, type HeadStart } from './head-start.ts';

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

/** The tasks' lanes → logits. */
export type Heads = (lanes: Lanes, call: Call) => StackedLogits;

export interface HeadsConfig {
  tasks: Tasks;
  tower: ExpertSpec | undefined;
  /** The network that gives the lanes, and that may change the logits. */
  network: Pick<Network, 'outputDim' | 'finish'>;
  /** The prefix of the names of towers and heads. */
  path?: string | undefined;
  start?: HeadStart | undefined;
  /** The contexts of the schema, for towers. Default: none. */
  contexts?: Contexts | undefined;
}

/** Builds the towers, one bank over the tasks, and a linear head per task. Heads of the same width also form a bank. */
export function createHeads(
  store: ParameterStore,
  { tasks, tower, network, path: prefix = '', start = 'random', contexts }: HeadsConfig,
): Heads {
  const names = Object.keys(tasks);
  const inputDim = network.outputDim;
  const towers =
    tower && createBank(store, { path: `${prefix}towers`, members: names, experts: tower, inputDim, contexts });
  const headDim = towers?.outputDim ?? inputDim;

  const widths = new Map<number, string[]>();
  for (const name of names) {
    const width = outputsOf(name, tasks[name]!);
    widths.set(width, [...(widths.get(width) ?? []), name]);
  }
  const groups = [...widths].map(([units, members]) => {
    const path = `${prefix}heads${widths.size === 1 ? '' : `.${units}`}`;
    const random = biasUniform(headDim);
    const biasInit =
      start === 'base-rate'
        ? baseRateBias(
            members.map((name) => tasks[name]!),
            random,
          )
        : random;
    return { members, layer: dense(createScope(store, path, { members }), { inputDim: headDim, units, biasInit }) };
  });

  return (lanes, call) => {
    const laneVectors = takeLanes(lanes, names);
    const vectors = towers ? towers.apply(laneVectors, call) : laneVectors; // [(tasks,) batch, headDim]
    const blocks = groups.map(({ members, layer }): LogitsBlock => {
      const places = members.map((name) => names.indexOf(name));
      const inputs = vectors.rank === 2 ? vectors : takeMembers(vectors as tf.Tensor3D, places);
      return { tasks: members, stacked: layer(inputs, call) as tf.Tensor3D };
    });
    return network.finish ? stackLogits(network.finish(logitsByTask(blocks, names), call)) : blocks;
  };
}
