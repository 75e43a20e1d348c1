import { component, listOf, text, type FromDescription, type Written } from '@polytask/components';
import { fusion, type NetworkSpec } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { funnelLevels, funnelOf } from './funnel.ts';
import { defineNetwork, expertLevels, oneExpert } from './levels.ts';

const options = {
  /** The levels, from the input up; one or more. Each task has one expert per level. All tasks share the embeddings. */
  levels: expertLevels.levels,
  /** The tasks in an order in which each may depend on all earlier ones: ['click', 'read', 'share']. */
  funnel: listOf(text, 2),
  /** The expert f of a task, which reads the task's vector and the outputs of f of the earlier tasks. */
  relation: component('expert'),
};

export interface DbmtlOptions extends Written<typeof options>, FromDescription {}

/**
 * DBMTL, deep Bayesian multi-target learning (Wang et al. 2019). The tasks form a Bayesian network,
 * p(a, b, c | x) = p(a | x) p(b | a, x) p(c | a, b, x). The vector z_t of a task depends on those of all earlier tasks:
 * z_t = f_t([q_t ; z_1 ; … ; z_{t−1}]), with the output q_t of the task's own levels. A task outside of the funnel depends on none.
 *
 * The prediction of a task is its own head's. Nothing keeps a step from being more likely than the one before.
 *
 * @throws PolytaskError when there is no level, or an option is missing, unknown or doesn't fit
 * @throws PolytaskError, when the model is built, if the funnel names an unknown task
 * @example dbmtl({ levels: [{ experts: mlp([64, 32]) }], funnel: ['click', 'buy'], relation: mlp([32]) })
 */
export const dbmtl: (config: DbmtlOptions) => NetworkSpec = defineNetwork(
  'dbmtl',
  (config, tasks) => {
    const { funnel, relation } = config;
    const order = [...funnel, ...tasks.filter((task) => !funnel.includes(task))];
    return fusion([
      ...funnelLevels(config, tasks, 'dbmtl'),
      ...order.map((task, i) => ({
        units: [oneExpert(task, [task, ...funnel.slice(0, i < funnel.length ? i : 0)])],
        experts: relation,
        outputs: [task],
        keeps: tasks.filter((name) => name !== task),
        gate: identityGate({ sees: 'own' }),
      })),
    ]);
  },
  {
    description: 'the tasks, in their order, as a Bayesian network: each reads the vectors of all tasks before it',
    paper: 'Wang et al. 2019, arXiv:1902.09154',
    variant: {
      useWhen: 'each task may depend on those before it, and not all of them are yes or no',
      onlyNamed: true,
      config: (size) => ({ ...funnelOf(size), relation: size.expert(size.widths.slice(-1)) }),
    },
    options,
  },
);
