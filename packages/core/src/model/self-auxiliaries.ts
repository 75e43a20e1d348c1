import type { ExpertSpec } from '../fusion/expert.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createHeads, type Heads, type HeadsConfig } from './heads.ts';

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

/** Builds the small towers. They give logits as the model's heads do. */
export function createSelfAuxiliaries(store: ParameterStore, config: HeadsConfig): Heads {
  const heads = createHeads(store, { ...config, path: SELF_AUXILIARY });
  return (lanes, call) => heads(lanes, { ...call, addLoss() {} }); // the main pass adds the losses of towers and `finish`
}
