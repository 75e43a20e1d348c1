import * as tf from '@tensorflow/tfjs-core';
import {
  notNegative,
  number,
  oneOf,
  optional,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
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
  /** The estimator of the loss over all rows: `ips`, or `dr`, which also learns to predict the errors. */
  estimator: optional(oneOf('ips', 'dr'), 'ips'),
  /** Weight of the counterfactual loss. */
  counterfactual: optional(notNegative, 0.5),
  /** The largest inverse propensity, 1 or more. */
  clip: optional(number({ from: 1 }), 15),
};

export interface Escm2Options extends Written<typeof options>, FromDescription {}

/**
 * ESCM² (Wang et al., SIGIR'22), for tasks that form a funnel: ESMM plus a loss of the conditional probability r̂ that stands for all
 * rows. δ is the cross-entropy of r̂ and the label r, known if the row reached the previous step (o = 1). ô is the predicted probability
 * of o, without a gradient.
 *
 * - `ips`: mean o δ / ô
 * - `dr`: mean δ̂ + o (δ − δ̂) / ô + o (δ̂ − δ)² / ô. An auxiliary head per step predicts the error δ̂ = softplus(a).
 *
 * 1/ô is at most `clip`. The weights of the tasks are those of the two other losses.
 *
 * @throws PolytaskError when there is no level, or an option is unknown or invalid
 * @throws PolytaskError, when the model is built, if the funnel names an unknown task; when it runs, if a step isn't binary
 * @example escm2({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'], estimator: 'dr' as const })
 */
export const escm2: (config: Escm2Options) => NetworkSpec = defineNetwork(
  'escm2',
  (config, tasks) => {
    const { funnel, estimator, counterfactual } = config;
    const imputed = estimator === 'dr' ? funnel.slice(1).map((task) => [imputationOf(task), task]) : [];
    return fusion(funnelLevels(config, tasks, 'escm2'), {
      auxiliaryHeads: Object.fromEntries(imputed) as Record<string, string>,
      finish(logits, call) {
        for (const loss of errorsOverAllRows(logits, call, config))
          call.addLoss('counterfactual', tf.mul(counterfactual, loss));
        return products(logits, funnel);
      },
    });
  },
  {
    description:
      'ESMM with a loss of each conditional probability that weighs the known rows by their inverse propensity',
    paper: 'Wang et al., SIGIR 2022',
    package: '@polytask/baselines',
    variants: {
      'escm2-ips': {
        useWhen: 'you rank by the chance of buying after a click, for rows that users rarely click',
        onlyNamed: true,
        config: funnelOf,
      },
      'escm2-dr': {
        useWhen: 'the inverse propensities of `escm2-ips` vary too much, and their errors can be predicted',
        onlyNamed: true,
        config: (size) => ({ ...funnelOf(size), estimator: 'dr' as const }),
      },
    },
    options,
  },
);

const imputationOf = (task: string): string => `imputed.${task}`;

function errorsOverAllRows(logits: Logits, call: Call, config: Read<typeof options>): tf.Scalar[] {
  return observedSteps(logits, call, config).map(({ task, known, label, logit, weights }) => {
    const error = crossEntropyOf(logit, label);
    const imputation = logits[imputationOf(task)];
    if (!imputation) return weightedMean(tf.mul(known, error), weights);
    const imputed = tf.softplus(imputation);
    const difference = tf.sub(error, imputed);
    return weightedMean(tf.add(imputed, tf.mul(known, tf.add(difference, tf.square(difference)))), weights);
  });
}
