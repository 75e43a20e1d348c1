import { checks, defineNetwork, fusion, gateOf, ownUnits, poolUnits, seeing } from '@polytask/core';
import { cosineGate } from './cosine-gate.ts';
import { kan } from './kan.ts';
import { siren } from './siren.ts';
import { staticSigmoidGate } from './static-sigmoid-gate.ts';

const options = {
  /** The experts of the pool, which take the kinds of a list in turn. */
  experts: checks.expertSpecs,
  /** The number of experts in the pool. */
  pool: checks.wholeNumber(1),
  /** The expert of each task, above the pool. */
  own: checks.component('expert'),
  /** The gate of the pool, which reads the network's input. Default: a cosine gate. */
  gate: checks.optional(checks.component('gate')),
};

/**
 * Two levels: a pool that all tasks share, with a gate for each task, and above it one expert a task with a static gate.
 *
 * @throws PolytaskError when `pool` isn't a positive whole number, or an option is unknown
 * @example pooledOwn({ experts: [kan({ units: 8 }), siren({ units: 8 })], pool: 4, own: siren({ units: 8 }) })
 */
export const pooledOwn = defineNetwork(
  'outside-package/pooled-own',
  ({ experts, pool, own, gate = cosineGate({ reads: 'raw' }) }, tasks) =>
    fusion([
      { units: poolUnits(pool), experts, outputs: tasks, gate: seeing('all', gate) },
      { units: ownUnits(tasks), experts: own, outputs: tasks, gate: seeing('own', staticSigmoidGate()) },
    ]),
  {
    description: 'a shared pool, then one expert a task',
    package: 'outside-package',
    options,
    examples: [
      // for the conformance test
      { config: { experts: [kan({ units: 4 }), siren({ units: 4 })], pool: 3, own: siren({ units: 4 }) } },
    ],
    variant: {
      config: (size) => ({
        experts: size.expert(size.widths.slice(0, -1)),
        pool: size.experts,
        own: size.expert(size.widths.slice(-1)),
        ...gateOf(size, 'raw'),
      }),
    },
  },
);
