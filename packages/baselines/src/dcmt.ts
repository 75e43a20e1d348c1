import * as tf from '@tensorflow/tfjs-core';
import { notNegative, number, optional, type FromDescription, type Read, type Written } from '@polytask/components';
import { defineNetwork, fusion, type Call, type Logits, type NetworkSpec } from '@polytask/core';
import {
  crossEntropyOf,
  funnelLevels,
  funnelOf,
  funnelOptions,
  observedSteps,
  products,
  weightedMean,
} from './funnel.ts';

const options = {
  ...funnelOptions,
  /** Weight of the loss over both spaces. */
  counterfactual: optional(notNegative, 1),
  /** λ₁: weight of |1 − r̂ − r̂′| in that loss. */
  constraint: optional(notNegative, 0.001),
  /** The largest inverse propensity, 1 or more. */
  clip: optional(number({ from: 1 }), 15),
};

export interface DcmtOptions extends Written<typeof options>, FromDescription {}

/**
 * DCMT (Zhu et al., ICDE'23), for tasks that form a funnel: ESMM plus a loss over the rows that reached the previous step (o = 1) and
 * those that didn't. An auxiliary head, the twin, predicts the counterfactual r̂′ on the same vector as the conditional probability r̂.
 * With the cross-entropy δ of r̂ and r, δ′ of r̂′ and 1 − r, and the predicted probability ô of o, without a gradient:
 *
 *     Σ_{o=1} δ/ô / Σ_{o=1} 1/ô + Σ_{o=0} δ′/(1−ô) / Σ_{o=0} 1/(1−ô) + λ₁ mean |1 − r̂ − r̂′|
 *
 * Each inverse is at most `clip`. Predictions don't use the twin.
 *
 * @throws PolytaskError when there is no level, or an option is unknown or invalid
 * @throws PolytaskError, when the model is built, if the funnel names an unknown task; when it runs, if a step isn't binary
 * @example dcmt({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'] })
 */
export const dcmt: (config: DcmtOptions) => NetworkSpec = defineNetwork(
  'dcmt',
  (config, tasks) => {
    const { funnel, counterfactual } = config;
    return fusion(funnelLevels(config, tasks, 'dcmt'), {
      auxiliaryHeads: Object.fromEntries(funnel.slice(1).map((task) => [twinOf(task), task])),
      finish(logits, call) {
        for (const loss of twinLosses(logits, call, config))
          call.addLoss('counterfactual', tf.mul(counterfactual, loss));
        return products(logits, funnel);
      },
    });
  },
  {
    description: 'ESMM with a twin of each conditional probability that learns from the rows without the previous step',
    paper: 'Zhu et al., ICDE 2023',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'the tasks are steps of a funnel, and few of the rows that you predict reached the previous step',
      onlyNamed: true,
      config: funnelOf,
    },
    options,
  },
);

const twinOf = (task: string): string => `twin.${task}`;

/** The loss of each step over both spaces. */
function twinLosses(logits: Logits, call: Call, config: Read<typeof options>): tf.Scalar[] {
  return observedSteps(logits, call, config).map(({ task, known, unknown, label, logit, weights }) => {
    const twin = logits[twinOf(task)]!;
    const [factual, counterfactual] = [tf.mul(weights, known), tf.mul(weights, unknown)];
    const excess = tf.abs(tf.sub(1, tf.add(tf.sigmoid(logit), tf.sigmoid(twin))));
    return tf.addN([
      weightedMean(crossEntropyOf(logit, label), factual),
      weightedMean(crossEntropyOf(twin, tf.sub(1, label)), counterfactual),
      tf.mul(config.constraint, weightedMean(excess, weights)),
    ]) as tf.Scalar;
  });
}
