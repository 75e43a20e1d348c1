import { checkNames } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { Call, ExpertsTap, LanesTap } from '../layers/layer.ts';

/** Options of a forward pass. */
export interface ForwardOptions {
  /** True in `fit`. Default false. */
  readonly training?: boolean;
  /** {@link Call.opened}. Default false. */
  readonly opened?: boolean;
  /** {@link Call.labels}. Default: none, a prediction. */
  readonly labels?: Call['labels'];
  /** Receives the expert outputs of each level, and may replace them. */
  readonly experts?: ExpertsTap | undefined;
  /** Receives the network's input, the lanes that levels keep and the lanes that heads read, and may replace them. */
  readonly lanes?: LanesTap | undefined;
}

/** Creates the call of a forward pass, and the record in which it collects the weighed auxiliary losses. */
export function callOn(
  given: Pick<Call, 'raw' | 'features'>,
  options: ForwardOptions,
  weights: Readonly<Record<string, number>> = {},
): { call: Call; auxiliary: Record<string, tf.Scalar> } {
  checkNames(options, ['training', 'opened', 'labels', 'experts', 'lanes'], 'a forward pass');
  const auxiliary: Record<string, tf.Scalar> = {};
  const call: Call = {
    training: false,
    opened: false,
    ...options,
    ...given,
    addLoss(name, loss) {
      const sum = auxiliary[name];
      const weight = weights[name] ?? 1;
      const term: tf.Scalar = weight === 1 ? loss : tf.mul(loss, weight);
      auxiliary[name] = sum ? tf.add(sum, term) : term;
    },
  };
  return { call, auxiliary };
}
