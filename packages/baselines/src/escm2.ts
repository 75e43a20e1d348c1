import * as tf from '@tensorflow/tfjs-core';
import { checks, defineNetwork, fusion, levelsOf, type Call, type Logits } from '@polytask/core';
import { checkFunnel, crossEntropyOf, inverse, observedSteps, products, stepsOf, weightedMean } from './funnel.ts';
import { expertLevel, taskLevels, type ExpertLevel } from './levels.ts';

const { listOf, number, oneOf, optional, shaped, text } = checks;

/** The configuration of {@link escm2}. */
export interface Escm2Options {
  /** The levels, from the input up; one or more. Each task has one expert per level. All tasks share the embeddings. */
  levels: readonly ExpertLevel[];
  /** The steps, binary tasks. A step happens only if the previous one did: ['click', 'buy']. */
  funnel: readonly string[];
  /** The estimator of the loss over all rows: `ips` (default), or `dr`, which also learns to predict the errors. */
  estimator?: 'ips' | 'dr';
  /** Weight of the counterfactual loss. Default 0.5. */
  counterfactual?: number;
  /** The largest inverse propensity, 1 or more. Default 15. */
  clip?: number;
}

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
 * @example escm2({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'], estimator: 'dr' })
 */
export const escm2 = defineNetwork<Escm2Options>(
  'escm2',
  ({ levels, funnel, estimator = 'ips', counterfactual = 0.5, clip = 15 }, tasks) => {
    checkFunnel(funnel, tasks, 'escm2.funnel');
    const imputed = estimator === 'dr' ? funnel.slice(1).map((task) => [imputationOf(task), task]) : [];
    return fusion(taskLevels(levels, tasks), {
      auxiliaryHeads: Object.fromEntries(imputed) as Record<string, string>,
      finish(logits, call) {
        const losses = errorsOverAllRows(logits, call, funnel, clip);
        for (const loss of losses) call.addLoss('counterfactual', tf.mul(counterfactual, loss));
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
        config: (size) => ({ levels: levelsOf(size), funnel: stepsOf(size) }),
      },
      'escm2-dr': {
        useWhen: 'the inverse propensities of `escm2-ips` vary too much, and their errors can be predicted',
        onlyNamed: true,
        config: (size) => ({ levels: levelsOf(size), funnel: stepsOf(size), estimator: 'dr' }),
      },
    },
    options: {
      levels: listOf(shaped(expertLevel), 1),
      funnel: listOf(text, 2),
      estimator: optional(oneOf('ips', 'dr')),
      counterfactual: optional(number('a weight of 0 or more', (value) => value >= 0)),
      clip: optional(number('a number of 1 or more', (value) => value >= 1)),
    },
  },
);

const imputationOf = (task: string): string => `imputed.${task}`;

/** The estimate of each step's mean error over all rows. */
function errorsOverAllRows(logits: Logits, call: Call, funnel: readonly string[], clip: number): tf.Scalar[] {
  return observedSteps(logits, call, funnel).map(({ task, reached, propensity, label, logit, weights }) => {
    const known = tf.mul(reached, inverse(propensity, clip)); // o / ô
    const error = crossEntropyOf(logit, label);
    const imputation = logits[imputationOf(task)];
    if (!imputation) return weightedMean(tf.mul(known, error), weights);
    const imputed = tf.softplus(imputation);
    const difference = tf.sub(error, imputed);
    return weightedMean(tf.add(imputed, tf.mul(known, tf.add(difference, tf.square(difference)))), weights);
  });
}
