import { defineGate, type GateOptions } from '@polytask/core';

/** Options of {@link identityGate}. */
export type IdentityGateOptions = GateOptions;

/**
 * Identity gate: weight 1 for each expert that the unit sees, without parameters. Uses are a task's only expert
 * (single-task), the only shared expert (shared-bottom), and AdaTT's residual when each unit has one expert.
 *
 * @returns weights [units, 1, experts]
 * @throws PolytaskError when an option is unknown
 * @example identityGate({ sees: 'own' })
 */
export const identityGate = defineGate<IdentityGateOptions>(
  'identity',
  ({ mask, visible }) => ({
    reads: 'nothing',
    fixed: visible.map((row) => row.map(Number)),
    apply: () => mask,
  }),
  { description: 'weight 1 for each visible expert', package: '@polytask/gating', options: {} },
);
