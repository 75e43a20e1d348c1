import * as tf from '@tensorflow/tfjs-core';
import { listOf, text, type FromDescription, type Written } from '@polytask/components';
import { fail, fusion, levelsOf, type Logits, type NetworkSize, type NetworkSpec } from '@polytask/core';
import { defineNetwork, expertLevels, taskLevels } from './levels.ts';

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

/** log σ(z) */
export const logSigmoid = (z: tf.Tensor): tf.Tensor => tf.neg(tf.softplus(tf.neg(z)));

/** Converts the logarithm of a probability to its logit: log p − log(1 − p). */
function logitOfLog(logP: tf.Tensor): tf.Tensor {
  const bounded = tf.minimum(logP, -1e-6); // p = 1 has no logit
  return tf.sub(bounded, tf.log(tf.neg(tf.expm1(bounded))));
}

/**
 * ESMM (Ma et al., SIGIR'18), for tasks that form a funnel. The network of a task computes the probability of its step given
 * the previous step. The prediction of the task is the product over all steps up to it:
 * p(click and buy) = p(click) p(buy | click). It is trained on all rows. The conditional probability is
 * `predicted.buy[i] / predicted.click[i]`, which is at most 1.
 *
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if the funnel names an unknown task; when it runs, if a step isn't binary
 * @example esmm({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'] })
 */
export const esmm: (config: FunnelNetworkOptions) => NetworkSpec = defineNetwork(
  'esmm',
  (config, tasks) =>
    fusion(funnelLevels(config, tasks, 'esmm'), { finish: (logits) => products(logits, config.funnel) }),
  {
    description:
      'the tasks, in their order, as steps of a funnel: each is predicted as the product of the steps up to it',
    paper: 'Ma et al., SIGIR 2018',
    variant: {
      useWhen: 'the tasks are steps of a funnel, such as click and purchase, and each step needs the one before',
      onlyNamed: true,
      config: funnelOf,
    },
    options: funnelOptions,
  },
);
