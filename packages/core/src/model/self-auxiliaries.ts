import type { ExpertSpec } from '../fusion/expert.ts';
import type { Network } from '../fusion/network.ts';
import type { Call } from '../layers/layer.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { component, number, optional } from '../specs/checks.ts';
import { checkOptions } from '../specs/options.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { HeadStart } from './head-start.ts';
import { createHeads, type Heads } from './heads.ts';

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

/** The prefix of the parameters and losses of the small towers; the name of the task follows. */
export const SELF_AUXILIARY = 'self.';

/** @throws PolytaskError when an option is unknown, the tower is not an expert, or the weight is not above 0 */
export const checkSelfAuxiliaries = (config: SelfAuxiliaries): void =>
  checkOptions<SelfAuxiliaries>(
    config,
    { tower: optional(component('expert')), weight: number('a number above 0', (value) => value > 0) },
    'selfAuxiliaries',
  );

/** Builds the small towers. They give logits by task, as the model's heads do. */
export function createSelfAuxiliaries(
  store: ParameterStore,
  { tasks, tower, network, start }: SelfAuxiliaries & { tasks: Tasks; network: Network; start: HeadStart },
): Heads {
  const heads = createHeads(store, { tasks, tower, inputDim: network.outputDim, path: SELF_AUXILIARY, start });
  return (lanes, mainCall) => {
    const call: Call = { ...mainCall, addLoss() {} }; // drops the losses of towers and `finish`: the main pass adds them
    return network.finish(heads(lanes, call), call);
  };
}
