import * as tf from '@tensorflow/tfjs';
import type { Call, ExpertsTap, LanesTap } from '../layers/layer.ts';

/** How a forward pass is made. */
export interface ForwardOptions {
  /** True in `fit`. Default false. */
  readonly training?: boolean;
  /** Sees, and may change, what each level's experts give. */
  readonly experts?: ExpertsTap | undefined;
  /** Sees, and may change, the network's input, the lanes that levels keep, and those that heads read. */
  readonly lanes?: LanesTap | undefined;
}

/** A call on a network input, and the auxiliary losses that it will have collected, times their weights. */
export function callOn(
  raw: tf.Tensor2D,
  { training = false, experts, lanes }: ForwardOptions,
  weights: Readonly<Record<string, number>> = {},
): { call: Call; auxiliary: Record<string, tf.Scalar> } {
  const auxiliary: Record<string, tf.Scalar> = {};
  const call: Call = {
    training,
    raw,
    ...(experts && { experts }),
    ...(lanes && { lanes }),
    addLoss(name, loss) {
      const before = auxiliary[name];
      const weight = weights[name] ?? 1;
      const weighed: tf.Scalar = weight === 1 ? loss : tf.mul(loss, weight);
      auxiliary[name] = before ? tf.add(before, weighed) : weighed;
    },
  };
  return { call, auxiliary };
}
