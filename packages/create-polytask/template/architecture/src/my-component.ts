import { checks, defineNetwork, fusion, gateOf, poolUnits, seeing } from '@polytask/core';
import { softmaxGate } from '@polytask/gating';

const options = {
  /** The experts of the pool. */
  experts: checks.component('expert'),
  /** The number of experts. */
  pool: checks.wholeNumber(1),
  /** The gate of each task. Default: a softmax on the network's input. */
  gate: checks.optional(checks.component('gate')),
};

/**
 * One level: a pool of experts, and a gate for each task. Replace the level by yours.
 *
 * @throws PolytaskError when `pool` isn't a positive whole number, or an option is unknown
 * @example myComponent({ experts: mlp([64]), pool: 6 })
 */
export const myComponent = defineNetwork(
  'my-package/my-component',
  ({ experts, pool, gate = softmaxGate({ reads: 'raw' }) }, tasks) =>
    fusion([{ units: poolUnits(pool), experts, outputs: tasks, gate: seeing('all', gate) }]),
  {
    description: 'a pool of experts, a gate for each task',
    package: 'my-package',
    options,
    variant: {
      config: (size) => ({ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }),
    },
  },
);
