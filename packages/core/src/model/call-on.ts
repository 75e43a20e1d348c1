import * as tf from '@tensorflow/tfjs-core';
import { fail, shown } from '../errors/errors.ts';
import type { Call, ExpertsTap, LanesTap } from '../layers/layer.ts';

/** Options of a forward pass. */
export interface ForwardOptions {
  /** True in `fit`. Default false. */
  readonly training?: boolean;
  /** Receives the expert outputs of each level, and may replace them. */
  readonly experts?: ExpertsTap | undefined;
  /** Receives the network's input, the lanes that levels keep and the lanes that heads read, and may replace them. */
  readonly lanes?: LanesTap | undefined;
}

/** Creates the context of a forward pass, and the record in which it collects the weighed auxiliary losses. */
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
      const sum = auxiliary[name];
      const weight = weights[name] ?? 1;
      const term: tf.Scalar = weight === 1 ? loss : tf.mul(loss, weight);
      auxiliary[name] = sum ? tf.add(sum, term) : term;
    },
  };
  return { call, auxiliary };
}

/** Throws unless every auxiliary loss has a finite weight of 0 or more. */
export function checkAuxiliary(weights: Readonly<Record<string, number>> | undefined): void {
  for (const [name, weight] of Object.entries(weights ?? {})) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    fail({
      expected: `a weight of zero or more for the auxiliary loss "${name}"`,
      received: shown(weight),
      mend: 'With 0 it is shown as 0 and trains nothing.',
    });
  }
}
