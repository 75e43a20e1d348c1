import * as tf from '@tensorflow/tfjs';
import { checks, defineNetwork, fusion, ownUnits, type Call, type Logits, type Unit, levelsOf } from '@polytask/core';
import { linearExpert, passExpert } from '@polytask/experts';
import { attentionGate, identityGate } from '@polytask/gating';
import { checkFunnel, stepsOf, stepLogit } from './funnel.ts';
import { expertLevel, type ExpertLevel } from './levels.ts';

const { listOf, number, optional, shaped, text } = checks;

export interface AitmConfig {
  /** From the input up, one or more; each task has one expert a level, and all share the embeddings. */
  levels: readonly ExpertLevel[];
  /** Tasks of which each happens only where the one before did, such as ['click', 'approve', 'activate']. */
  funnel: readonly string[];
  /** Weight of the calibration. Default 0.6, the paper's. */
  calibration?: number;
}

/**
 * AITM (Xi et al., KDD'21): along a funnel each task's vector z_t is attention between what the step before
 * sends, p = g(z_{t−1}), and its own network's q_t: z_t = Σ_{u ∈ {p, q}} w_u h1(u), w = softmax(<h2(u), h3(u)> / √d). The
 * calibration, `calibration` × mean max(ŷ_t − ŷ_{t−1}, 0) over the steps, holds against a later step that is likelier than an
 * earlier one.
 *
 * @throws PolytaskError when there is no level, or an option is unknown; when the model is built, if the funnel names a task
 *   that isn't the model's; when it runs, if a step isn't binary
 * @example aitm({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'] })
 */
export const aitm = defineNetwork<AitmConfig>(
  'aitm',
  ({ levels, funnel, calibration = 0.6 }, tasks) => {
    checkFunnel(funnel, tasks, 'aitm.funnel');
    return fusion(
      [
        ...levels.map(({ experts }) => ({
          units: ownUnits(tasks),
          experts,
          outputs: tasks,
          gate: identityGate({ sees: 'own' }),
        })),
        ...funnel.slice(1).flatMap((task, i) => transfer(funnel[i]!, task, tasks)),
      ],
      { finish: (logits, call) => calibrated(logits, call, funnel, calibration) },
    );
  },
  {
    description: 'the tasks, in their order, as steps of a funnel: each attends to what the step before sends',
    paper: 'Xi et al., KDD 2021',
    package: '@polytask/baselines',
    variants: {
      aitm: {
        onlyNamed: true,
        config: (size) => ({ levels: levelsOf(size), funnel: stepsOf(size) }),
      },
    },
    options: {
      levels: listOf(shaped(expertLevel), 1),
      funnel: listOf(text, 2),
      calibration: optional(number('a weight of 0 or more', (value) => value >= 0)),
    },
  },
);

/** Three levels: what the step before sends (g), attention between that and the task's own, and h1 on the mixture. */
function transfer(before: string, task: string, tasks: readonly string[]) {
  const sent = `sent.${before}`;
  const one = (name: string, reads: string): Unit => ({ name, kind: 'own', experts: 1, reads: [reads] });
  const others = tasks.filter((name) => name !== task);
  const own = identityGate({ sees: 'own' });
  return [
    { units: [one(sent, before)], experts: linearExpert({}), outputs: [sent], keeps: tasks, gate: own },
    {
      units: [one(sent, sent), one(task, task)],
      experts: passExpert(),
      outputs: [task],
      keeps: others,
      gate: attentionGate({ sees: 'all', query: 'expert' }),
    },
    { units: [one(task, task)], experts: linearExpert({}), outputs: [task], keeps: others, gate: own },
  ];
}

function calibrated(logits: Logits, call: Call, funnel: readonly string[], weight: number): Logits {
  const chances = funnel.map((task) => tf.sigmoid(stepLogit(logits, task)));
  if (weight === 0) return logits;
  for (const [i, chance] of chances.slice(1).entries()) {
    call.addLoss('calibration', tf.mul(weight, tf.mean(tf.relu(tf.sub(chance, chances[i]!)))));
  }
  return logits;
}
