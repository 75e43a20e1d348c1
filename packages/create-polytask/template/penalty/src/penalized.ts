import { checks, defineNetwork, fusion, gateOf, poolUnits, seeing } from '@polytask/core';
import { softmaxGate } from '@polytask/gating';
import { myComponent } from './my-component.ts';

const options = {
  /** The experts of the pool. */
  experts: checks.component('expert'),
  /** The number of experts. */
  pool: checks.wholeNumber(1),
  /** The gate of each task. Default: a softmax on the network's input. */
  gate: checks.optional(checks.component('gate')),
  /** The weight of the penalty. */
  weight: checks.optional(checks.notNegative, 1e-4),
};

/**
 * A pool of experts with the penalty on their parameters. It shows how an architecture has a penalty, and takes part in the comparison.
 *
 * @throws PolytaskError when `pool` isn't a positive whole number, or an option is unknown
 * @example penalized({ experts: mlp([64]), pool: 6, weight: 1e-3 })
 */
export const penalized = defineNetwork(
  'my-package/penalized',
  ({ experts, pool, gate = softmaxGate({ reads: 'raw' }), weight }, tasks) =>
    fusion([
      {
        units: poolUnits(pool),
        experts,
        outputs: tasks,
        gate: seeing('all', gate),
        penalties: [myComponent({ weight })],
      },
    ]),
  {
    description: 'a pool of experts whose parameters have a penalty',
    package: 'my-package',
    options,
    variant: {
      config: (size) => ({ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }),
    },
  },
);
