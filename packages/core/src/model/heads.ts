import type * as tf from '@tensorflow/tfjs-core';
import type { Contexts } from '../features/context-places.ts';
import { createBank } from '../fusion/bank.ts';
import type { ExpertSpec } from '../fusion/expert.ts';
import { takeLanes, type Lanes } from '../fusion/lanes.ts';
import type { Network } from '../fusion/network.ts';
import { takeMembers } from '../layers/members.ts';
import { biasUniform, dense } from '../layers/dense.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { logitsOf } from '../tasks/check-tasks.ts';
import { baseRateBias, type HeadStart } from './head-start.ts';
import { logitsByTask, stackLogits, type LogitsBlock, type StackedLogits } from './stacked-logits.ts';

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
    const width = logitsOf(name, tasks[name]!);
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
