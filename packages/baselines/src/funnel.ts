import * as tf from '@tensorflow/tfjs-core';
import { fail, type Logits, type NetworkSize } from '@polytask/core';

/** The tasks in their order, as the steps of a funnel. Throws when there is only one task. */
export function stepsOf({ tasks }: NetworkSize): readonly string[] {
  if (tasks.length > 1) return tasks;
  return fail({
    expected: 'two or more tasks, the steps of a funnel',
    received: tasks.join(', '),
    mend: 'Leave esmm and aitm out for a single task.',
  });
}

/** Throws unless the steps of the funnel are different tasks of the model. */
export function checkFunnel(funnel: readonly string[], tasks: readonly string[], where: string): void {
  const wrong = funnel.find((task, i) => !tasks.includes(task) || funnel.indexOf(task) !== i);
  if (wrong === undefined) return;
  fail({
    expected: `${where} to name tasks of the model, ${tasks.join(', ')}, each at most once`,
    received: JSON.stringify(funnel),
    mend: `Look for "${wrong}". Its steps go from the first to the last: ['click', 'buy'].`,
  });
}

/** The logit of a step, [batch, 1]. Throws for a multiclass task. */
export function stepLogit(logits: Logits, task: string): tf.Tensor2D {
  const logit = logits[task]!;
  if (logit.shape[1] === 1) return logit;
  return fail({
    expected: `step "${task}" of a funnel to be a binary task`,
    received: `${logit.shape[1]} classes`,
    mend: 'Leave it out of the funnel.',
  });
}

/** log σ(z) */
export const logSigmoid = (z: tf.Tensor): tf.Tensor => tf.neg(tf.softplus(tf.neg(z)));

/** Converts the logarithm of a probability to its logit: log p − log(1 − p). */
export function logitOfLog(logP: tf.Tensor): tf.Tensor {
  const bounded = tf.minimum(logP, -1e-6); // p = 1 has no logit
  return tf.sub(bounded, tf.log(tf.neg(tf.expm1(bounded))));
}
