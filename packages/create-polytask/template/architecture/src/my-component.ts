import {
  checks,
  defineNetwork,
  fusion,
  gateOf,
  poolUnits,
  seeing,
  type ExpertSpec,
  type GateSpec,
} from '@polytask/core';
import { softmaxGate } from '@polytask/gating';

export interface MyComponentOptions {
  /** The experts of the pool. */
  experts: ExpertSpec;
  /** The number of experts. */
  pool: number;
  /** The gate of each task. Default: a softmax on the network's input. */
  gate?: GateSpec;
}

/**
 * One level: a pool of experts, and a gate for each task. Replace the level by yours.
 *
 * @throws PolytaskError when `pool` isn't a positive whole number, or an option is unknown
 * @example myComponent({ experts: mlp([64]), pool: 6 })
 */
export const myComponent = defineNetwork<MyComponentOptions>(
  'my-package/my-component',
  ({ experts, pool, gate = softmaxGate({ reads: 'raw' }) }, tasks) =>
    fusion([{ units: poolUnits(pool), experts, outputs: tasks, gate: seeing('all', gate) }]),
  {
    description: 'a pool of experts, a gate for each task',
    package: 'my-package',
    options: {
      experts: checks.component('expert'),
      pool: checks.wholeNumber(1),
      gate: checks.optional(checks.component('gate')),
    },
    variants: {
      // for `polytask bench --models`
      'my-package/my-component': {
        config: (size) => ({ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }),
      },
    },
  },
);
