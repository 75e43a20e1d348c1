import * as tf from '@tensorflow/tfjs-core';
import { listOf, text, type FromDescription, type Written } from '@polytask/components';
import { fail, levelsOf, stopGradient, type Call, type Logits, type NetworkSize } from '@polytask/core';
import { expertLevels, taskLevels } from './levels.ts';

export const funnelOptions = {
  /** The levels, from the input up; one or more. Each task has one expert per level. All tasks share the embeddings. */
  levels: expertLevels.levels,
  /** The steps, binary tasks. A step happens only if the previous one did: ['click', 'approve', 'activate']. */
  funnel: listOf(text, 2),
};

/** The configuration of an architecture for tasks that form a funnel. */
export interface FunnelNetworkOptions extends Written<typeof funnelOptions>, FromDescription {}

/** The levels of a comparison, and the tasks in their order as the steps of a funnel. Throws when there is only one task. */
export function funnelOf(size: NetworkSize) {
  const { tasks } = size;
  if (tasks.length > 1) return { levels: levelsOf(size), funnel: tasks };
  return fail({
    expected: 'two or more tasks, the steps of a funnel',
    received: tasks.join(', '),
    fix: 'Leave models of a funnel out for a single task.',
  });
}

/** Levels with one expert for each task. Throws unless the steps of the funnel are different tasks of the model. @param name of the network */
export function funnelLevels(
  { levels, funnel }: Pick<FunnelNetworkOptions, 'levels' | 'funnel'>,
  tasks: readonly string[],
  name: string,
) {
  const wrong = funnel.find((task, i) => !tasks.includes(task) || funnel.indexOf(task) !== i);
  if (wrong === undefined) return taskLevels(levels, tasks);
  return fail({
    expected: `${name}.funnel to name tasks of the model, ${tasks.join(', ')}, each at most once`,
    received: JSON.stringify(funnel),
    fix: `Look for "${wrong}". Its steps go from the first to the last: ['click', 'buy'].`,
  });
}

/** The logit of a step, [batch, 1]. Throws for a multiclass task. */
export function stepLogit(logits: Logits, task: string): tf.Tensor2D {
  const logit = logits[task]!;
  if (logit.shape[1] === 1) return logit;
  return fail({
    expected: `step "${task}" of a funnel to be a binary task`,
    received: `${logit.shape[1]} classes`,
    fix: 'Leave it out of the funnel.',
  });
}

/** The logits of the products of the steps' probabilities (ESMM). */
export function products(logits: Logits, funnel: readonly string[]): Logits {
  const finished: Record<string, tf.Tensor2D> = { ...logits };
  let logP = logSigmoid(stepLogit(logits, funnel[0]!));
  for (const task of funnel.slice(1)) {
    logP = tf.add(logP, logSigmoid(stepLogit(logits, task)));
    finished[task] = logitOfLog(logP) as tf.Tensor2D;
  }
  return finished;
}

/** A step of a funnel on the rows of a batch, for a loss over all rows. [batch, 1] each. */
export interface ObservedStep {
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
export function observedSteps(
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
export const weightedMean = (x: tf.Tensor, weights: tf.Tensor): tf.Scalar =>
  tf.div(tf.sum(tf.mul(x, weights)), tf.maximum(tf.sum(weights), 1e-12));

export const crossEntropyOf = (logit: tf.Tensor, label: tf.Tensor): tf.Tensor =>
  tf.sub(tf.softplus(logit), tf.mul(logit, label));

/** log σ(z) */
const logSigmoid = (z: tf.Tensor): tf.Tensor => tf.neg(tf.softplus(tf.neg(z)));

/** Converts the logarithm of a probability to its logit: log p − log(1 − p). */
function logitOfLog(logP: tf.Tensor): tf.Tensor {
  const bounded = tf.minimum(logP, -1e-6); // p = 1 has no logit
  return tf.sub(bounded, tf.log(tf.neg(tf.expm1(bounded))));
}
