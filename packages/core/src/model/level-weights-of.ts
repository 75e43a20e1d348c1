import type { FeatureTensors } from '../features/batch-tensors.ts';
import type { LevelWeights } from '../fusion/level-weights.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { callOn } from './call-on.ts';
import type { MultiTaskModel } from './model.ts';

/**
 * The weights of every level for a batch: a forward pass that stops at the last gates. Runs on the current TF.js backend, and
 * keeps nothing: call it in a `tf.tidy`, or trace it.
 *
 * @example const [first] = tf.tidy(() => levelWeightsOf(model, model.toTensors(batch)).map(({ gated }) => gated?.arraySync()));
 */
export function levelWeightsOf<T extends Tasks>(model: MultiTaskModel<T>, features: FeatureTensors): LevelWeights[] {
  const { raw, lanes: first } = model.input(features);
  const { call } = callOn(raw, {});
  const { levels } = model.network;
  let lanes = first;
  return levels.map((level, l) => {
    const weights = level.weights(lanes, call);
    if (l < levels.length - 1) lanes = level.apply(lanes, call);
    return weights;
  });
}
