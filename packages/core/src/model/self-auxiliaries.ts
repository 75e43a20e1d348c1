import * as tf from '@tensorflow/tfjs-core';
import type { BatchTensors } from '../features/batch-tensors.ts';
import type { ExpertSpec } from '../fusion/expert.ts';
import type { Lanes } from '../fusion/lanes.ts';
import type { Network } from '../fusion/network.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { component, number, optional } from '../specs/checks.ts';
import { checkOptions } from '../specs/options.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { HeadStart } from './head-start.ts';
import { createHeads } from './heads.ts';
import { taskLosses } from './task-losses.ts';

/**
 * Under-parameterized self-auxiliaries (Wang et al., WWW 2022, "Can small heads help?"). Each task gets a second, smaller
 * tower on the same lane, with the same labels. A small tower can learn little, so the shared layers must learn useful
 * features. Training adds γ · weight · loss for each small tower. Predictions don't use them.
 */
export interface SelfAuxiliaries {
  /** The small tower. Default: no tower, a linear head. */
  tower?: ExpertSpec | undefined;
  /** γ: the weight of these losses. */
  weight: number;
}

/** Losses by name: `self.` and the name of the task. */
export type AuxiliaryLosses = (lanes: Lanes, call: Call, batch: BatchTensors) => Record<string, tf.Scalar>;

const PREFIX = 'self.';

/** @throws PolytaskError when an option is unknown, the tower is not an expert, or the weight is not above 0 */
export const checkSelfAuxiliaries = (config: SelfAuxiliaries): void =>
  checkOptions<SelfAuxiliaries>(
    config,
    { tower: optional(component('expert')), weight: number('a number above 0', (value) => value > 0) },
    'selfAuxiliaries',
  );

export function createSelfAuxiliaries(
  store: ParameterStore,
  { tasks, tower, weight, network, start }: SelfAuxiliaries & { tasks: Tasks; network: Network; start: HeadStart },
): AuxiliaryLosses {
  const heads = createHeads(store, { tasks, tower, inputDim: network.outputDim, path: PREFIX, start });
  return (lanes, mainCall, batch) => {
    const call: Call = { ...mainCall, addLoss() {} }; // drops the losses of towers and `finish`: the main pass adds them
    const losses = taskLosses(tasks, network.finish(heads(lanes, call), call), batch).tasks;
    const terms = Object.entries(losses).map(([name, loss]) => [
      PREFIX + name,
      tf.mul(loss, weight * (tasks[name]!.weight ?? 1)),
    ]);
    return Object.fromEntries(terms) as Record<string, tf.Scalar>;
  };
}
