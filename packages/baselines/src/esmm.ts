import * as tf from '@tensorflow/tfjs';
import { checks, defineNetwork, fusion, ownUnits, type Logits, levelsOf } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { checkFunnel, stepsOf, logitOfLog, logSigmoid, stepLogit } from './funnel.ts';
import { expertLevel, type ExpertLevel } from './levels.ts';

const { listOf, shaped, text } = checks;

export interface EsmmConfig {
  /** From the input up, one or more; each task has one expert a level, and all share the embeddings. */
  levels: readonly ExpertLevel[];
  /** Tasks of which each happens only where the one before did, such as ['click', 'buy']. */
  funnel: readonly string[];
}

/**
 * ESMM (Ma et al., SIGIR'18): a task's network gives the chance of its step given the one before, and the task
 * is predicted, and trained, on all rows as the product of the steps up to it: p(click and buy) = p(click) p(buy | click).
 * The conditional chance is `predicted.buy[i] / predicted.click[i]`, which never passes 1.
 *
 * @throws PolytaskError when there is no level, or an option is unknown; when the model is built, if the funnel names a task
 *   that isn't the model's; when it runs, if a step isn't binary
 * @example esmm({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'] })
 */
export const esmm = defineNetwork<EsmmConfig>(
  'esmm',
  ({ levels, funnel }, tasks) => {
    checkFunnel(funnel, tasks, 'esmm.funnel');
    return fusion(
      levels.map(({ experts }) => ({
        units: ownUnits(tasks),
        experts,
        outputs: tasks,
        gate: identityGate({ sees: 'own' }),
      })),
      { finish: (logits) => products(logits, funnel) },
    );
  },
  {
    description:
      'the tasks, in their order, as steps of a funnel: each is predicted as the product of the steps up to it',
    paper: 'Ma et al., SIGIR 2018',
    package: '@polytask/baselines',
    variants: {
      esmm: {
        onlyNamed: true,
        config: (size) => ({ levels: levelsOf(size), funnel: stepsOf(size) }),
      },
    },
    options: { levels: listOf(shaped(expertLevel), 1), funnel: listOf(text, 2) },
  },
);

function products(logits: Logits, funnel: readonly string[]): Logits {
  const finished: Record<string, tf.Tensor2D> = { ...logits };
  let logP = logSigmoid(stepLogit(logits, funnel[0]!));
  for (const task of funnel.slice(1)) {
    logP = tf.add(logP, logSigmoid(stepLogit(logits, task)));
    finished[task] = logitOfLog(logP) as tf.Tensor2D;
  }
  return finished;
}
