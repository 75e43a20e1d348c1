import * as tf from '@tensorflow/tfjs-core';
import { notNegative, optional, type FromDescription, type Written } from '@polytask/components';
import { fusion, type Call, type Logits, type NetworkSpec } from '@polytask/core';
import { linearExpert, passExpert } from '@polytask/experts';
import { attentionGate, identityGate } from '@polytask/gating';
import { funnelLevels, funnelOf, funnelOptions, stepLogit } from './funnel.ts';
import { defineNetwork, oneExpert } from './levels.ts';

const options = {
  ...funnelOptions,
  /** Weight of the calibration loss. The default is the paper's. */
  calibration: optional(notNegative, 0.6),
};

export interface AitmOptions extends Written<typeof options>, FromDescription {}

/**
 * AITM (Xi et al., KDD'21), for tasks that form a funnel. The vector z_t of a task is attention between two vectors: the
 * transfer from the previous step, p = g(z_{t−1}), and the output q_t of the task's own network.
 * z_t = Σ_{u ∈ {p, q}} w_u h1(u), w = softmax(<h2(u), h3(u)> / √d).
 *
 * The loss `calibration` penalizes a step that is more likely than the previous one: `calibration` ×
 * mean max(ŷ_t − ŷ_{t−1}, 0) over the steps.
 *
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if the funnel names an unknown task; when it runs, if a step isn't binary
 * @example aitm({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'] })
 */
export const aitm: (config: AitmOptions) => NetworkSpec = defineNetwork(
  'aitm',
  (config, tasks) => {
    const { funnel, calibration } = config;
    const transfers = funnel.slice(1).flatMap((task, i) => transfer(funnel[i]!, task, tasks));
    const finish = (logits: Logits, call: Call) => calibrated(logits, call, funnel, calibration);
    return fusion([...funnelLevels(config, tasks, 'aitm'), ...transfers], { finish });
  },
  {
    description: 'the tasks, in their order, as steps of a funnel: each attends to what the step before sends',
    paper: 'Xi et al., KDD 2021',
    variant: {
      useWhen: 'the tasks are steps of a funnel, and a rare last step should learn from the steps before it',
      onlyNamed: true,
      config: funnelOf,
    },
    options,
  },
);

/** Three levels: the transfer g from the previous step, attention between it and the task's own vector, and h1. */
function transfer(previous: string, task: string, tasks: readonly string[]) {
  const sent = `sent.${previous}`;
  const others = tasks.filter((name) => name !== task);
  const own = identityGate({ sees: 'own' });
  return [
    { units: [oneExpert(sent, [previous])], experts: linearExpert({}), outputs: [sent], keeps: tasks, gate: own },
    {
      units: [oneExpert(sent), oneExpert(task)],
      experts: passExpert(),
      outputs: [task],
      keeps: others,
      gate: attentionGate({ sees: 'all', query: 'expert' }),
    },
    { units: [oneExpert(task)], experts: linearExpert({}), outputs: [task], keeps: others, gate: own },
  ];
}

/** Adds the calibration loss. The logits stay as they are. */
function calibrated(logits: Logits, call: Call, funnel: readonly string[], weight: number): Logits {
  const chances = funnel.map((task) => tf.sigmoid(stepLogit(logits, task)));
  if (weight === 0) return logits;
  for (const [i, chance] of chances.slice(1).entries()) {
    call.addLoss('calibration', tf.mul(weight, tf.mean(tf.relu(tf.sub(chance, chances[i]!)))));
  }
  return logits;
}
