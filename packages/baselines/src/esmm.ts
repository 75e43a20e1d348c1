import { defineNetwork, fusion, type NetworkSpec } from '@polytask/core';
import { funnelLevels, funnelOf, funnelOptions, products, type FunnelNetworkOptions } from './funnel.ts';

/**
 * ESMM (Ma et al., SIGIR'18), for tasks that form a funnel. The network of a task computes the probability of its step given
 * the previous step. The prediction of the task is the product over all steps up to it:
 * p(click and buy) = p(click) p(buy | click). It is trained on all rows. The conditional probability is
 * `predicted.buy[i] / predicted.click[i]`, which is at most 1.
 *
 * @throws PolytaskError when there is no level, or an option is unknown
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
    package: '@polytask/baselines',
    variant: {
      useWhen: 'the tasks are steps of a funnel, such as click and purchase, and each step needs the one before',
      onlyNamed: true,
      config: funnelOf,
    },
    options: funnelOptions,
  },
);
