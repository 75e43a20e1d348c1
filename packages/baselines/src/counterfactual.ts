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
import { fusion, stopGradient, type Call, type FusionDeclaration, type Logits, type NetworkSpec } from '@polytask/core';
import { funnelLevels, funnelOf, funnelOptions, logSigmoid, products, stepLogit } from './funnel.ts';
import { defineNetwork } from './levels.ts';

const bound = {
  /** The largest inverse propensity, 1 or more. */
  clip: optional(number({ from: 1 }), 15),
};

/** A step of a funnel on the rows of a batch, for a loss over all rows. [batch, 1] each. */
interface ObservedStep {
  readonly task: string;
  /** o / ô: o is 1 if the row reached the previous step, ô the predicted probability of it, without a gradient. 1/ô is at most `clip`. */
  readonly known: tf.Tensor;
  /** (1 − o) / (1 − ô), with the same bound. */
  readonly unknown: tf.Tensor;
  /** r: the label of this step. It is 0 if the row didn't reach the previous one. */
  readonly label: tf.Tensor;
  /** The logit of r̂, the probability of this step given the previous one. */
  readonly logit: tf.Tensor;
  /** Sample weights; 0 if the label of this step or of the previous one is missing. */
  readonly weights: tf.Tensor;
}

/** The steps after the first, in a pass that has labels. None in a prediction. */
function observedSteps(
  logits: Logits,
  { labels }: Call,
  { funnel, clip }: { readonly funnel: readonly string[]; readonly clip: number },
): ObservedStep[] {
  if (!labels) return [];
  let logP: tf.Tensor = tf.scalar(0);
  return funnel.slice(1).map((task, i) => {
    const previous = labels(funnel[i]!);
    const own = labels(task);
    logP = tf.add(logP, logSigmoid(stepLogit(logits, funnel[i]!)));
    const propensity = stopGradient(tf.exp(logP));
    const over = (o: tf.Tensor, p: tf.Tensor) => tf.mul(o, tf.div(1, tf.maximum(p, 1 / clip)));
    return {
      task,
      known: over(previous.labels, propensity),
      get unknown() {
        return over(tf.sub(1, previous.labels), tf.sub(1, propensity));
      },
      label: own.labels,
      logit: stepLogit(logits, task),
      weights: tf.mul(own.weights, tf.cast(tf.greater(previous.weights, 0), 'float32')),
    };
  });
}

/** Σ w x / Σ w, and 0 if all weights are 0. */
const weightedMean = (x: tf.Tensor, weights: tf.Tensor): tf.Scalar =>
  tf.div(tf.sum(tf.mul(x, weights)), tf.maximum(tf.sum(weights), 1e-12));

const crossEntropyOf = (logit: tf.Tensor, label: tf.Tensor): tf.Tensor =>
  tf.sub(tf.softplus(logit), tf.mul(logit, label));

/**
 * ESMM with a loss of each step after the first over all rows.
 *
 * @param head the prefix of an auxiliary head for each such step; `lossOf` gets its logit
 */
function overAllRows(
  name: string,
  tasks: readonly string[],
  config: Read<typeof funnelOptions & typeof bound> & { readonly counterfactual: number },
  head: string | undefined,
  lossOf: (step: ObservedStep, auxiliary: tf.Tensor) => tf.Scalar,
): FusionDeclaration {
  const { funnel, counterfactual } = config;
  const headed = head === undefined ? [] : funnel.slice(1);
  return fusion(funnelLevels(config, tasks, name), {
    auxiliaryHeads: Object.fromEntries(headed.map((task) => [`${head}.${task}`, task])),
    finish(logits, call) {
      const losses = observedSteps(logits, call, config).map((step) => lossOf(step, logits[`${head}.${step.task}`]!));
      for (const loss of losses) call.addLoss('counterfactual', tf.mul(counterfactual, loss));
      return products(logits, funnel);
    },
  });
}

const escm2Options = {
  ...funnelOptions,
  /** The estimator of the loss over all rows: `ips`, or `dr`, which also learns to predict the errors. */
  estimator: optional(oneOf('ips', 'dr'), 'ips'),
  /** Weight of the counterfactual loss. */
  counterfactual: optional(notNegative, 0.5),
  ...bound,
};

export interface Escm2Options extends Written<typeof escm2Options>, FromDescription {}

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
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if the funnel names an unknown task; when it runs, if a step isn't binary
 * @example escm2({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'], estimator: 'dr' as const })
 */
export const escm2: (config: Escm2Options) => NetworkSpec = defineNetwork(
  'escm2',
  (config, tasks) => {
    const imputes = config.estimator === 'dr';
    return overAllRows('escm2', tasks, config, imputes ? 'imputed' : undefined, (step, imputation) => {
      const { known, label, logit, weights } = step;
      const error = crossEntropyOf(logit, label);
      if (!imputes) return weightedMean(tf.mul(known, error), weights);
      const imputed = tf.softplus(imputation);
      const difference = tf.sub(error, imputed);
      return weightedMean(tf.add(imputed, tf.mul(known, tf.add(difference, tf.square(difference)))), weights);
    });
  },
  {
    description:
      'ESMM with a loss of each conditional probability that weighs the known rows by their inverse propensity',
    paper: 'Wang et al., SIGIR 2022',
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
    options: escm2Options,
  },
);

const dcmtOptions = {
  ...funnelOptions,
  /** Weight of the loss over both spaces. */
  counterfactual: optional(notNegative, 1),
  /** λ₁: weight of |1 − r̂ − r̂′| in that loss. */
  constraint: optional(notNegative, 0.001),
  ...bound,
};

export interface DcmtOptions extends Written<typeof dcmtOptions>, FromDescription {}

/**
 * DCMT (Zhu et al., ICDE'23), for tasks that form a funnel: ESMM plus a loss over the rows that reached the previous step (o = 1) and
 * those that didn't. An auxiliary head, the twin, predicts the counterfactual r̂′ on the same vector as the conditional probability r̂.
 * With the cross-entropy δ of r̂ and r, δ′ of r̂′ and 1 − r, and the predicted probability ô of o, without a gradient:
 *
 *     Σ_{o=1} δ/ô / Σ_{o=1} 1/ô + Σ_{o=0} δ′/(1−ô) / Σ_{o=0} 1/(1−ô) + λ₁ mean |1 − r̂ − r̂′|
 *
 * Each inverse is at most `clip`. Predictions don't use the twin.
 *
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if the funnel names an unknown task; when it runs, if a step isn't binary
 * @example dcmt({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'] })
 */
export const dcmt: (config: DcmtOptions) => NetworkSpec = defineNetwork(
  'dcmt',
  (config, tasks) =>
    overAllRows('dcmt', tasks, config, 'twin', ({ known, unknown, label, logit, weights }, twin) => {
      const [factual, counterfactual] = [tf.mul(weights, known), tf.mul(weights, unknown)];
      const excess = tf.abs(tf.sub(1, tf.add(tf.sigmoid(logit), tf.sigmoid(twin))));
      return tf.addN([
        weightedMean(crossEntropyOf(logit, label), factual),
        weightedMean(crossEntropyOf(twin, tf.sub(1, label)), counterfactual),
        tf.mul(config.constraint, weightedMean(excess, weights)),
      ]) as tf.Scalar;
    }),
  {
    description: 'ESMM with a twin of each conditional probability that learns from the rows without the previous step',
    paper: 'Zhu et al., ICDE 2023',
    variant: {
      useWhen: 'the tasks are steps of a funnel, and few of the rows that you predict reached the previous step',
      onlyNamed: true,
      config: funnelOf,
    },
    options: dcmtOptions,
  },
);
