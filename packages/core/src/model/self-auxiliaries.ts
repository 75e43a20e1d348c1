import * as tf from '@tensorflow/tfjs';
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
 * Under-parameterized self-auxiliaries (Wang et al., WWW 2022, "Can small heads help?"): a second, smaller tower for each
 * task on the same lane, with the same labels. As it can do little by itself, what serves it has to be in the shared
 * layers. In training γ · weight · loss of each is added; predictions don't know of it.
 */
export interface SelfAuxiliaries {
  /** What stands before the small head's logit. Default: nothing, so that it is linear. */
  tower?: ExpertSpec | undefined;
  /** γ: how much these losses count. */
  weight: number;
}

/** Losses by name, `self.` and the task's. */
export type AuxiliaryLosses = (lanes: Lanes, call: Call, batch: BatchTensors) => Record<string, tf.Scalar>;

const PREFIX = 'self.';

/** @throws PolytaskError on an unknown option, a tower that is no expert, or a weight that isn't above 0 */
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
  return (lanes, given, batch) => {
    const call: Call = { ...given, addLoss() {} }; // what towers and `finish` add is of the predictions, and counted there
    const losses = taskLosses(tasks, network.finish(heads(lanes, call), call), batch).tasks;
    const counted = Object.entries(losses).map(([name, loss]) => [
      PREFIX + name,
      tf.mul(loss, weight * (tasks[name]!.weight ?? 1)),
    ]);
    return Object.fromEntries(counted) as Record<string, tf.Scalar>;
  };
}
