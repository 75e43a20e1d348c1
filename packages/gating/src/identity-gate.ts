import { defineGate, type GateConfig } from '@polytask/core';

export type IdentityGateConfig = GateConfig;

/**
 * Weight 1 for each expert that the unit sees, learned by nobody: a task's only expert (single-task), the one shared
 * expert (shared-bottom), or AdaTT's residual when each unit has one expert.
 *
 * @returns [units, 1, experts]
 * @throws PolytaskError when an option is unknown
 * @example identityGate({ sees: 'own' })
 */
export const identityGate = defineGate<IdentityGateConfig>(
  'identity',
  ({ mask, visible }) => ({
    reads: 'nothing',
    fixed: visible.map((row) => row.map(Number)),
    apply: () => mask,
  }),
  { description: 'weight 1 for each expert that a lane sees', package: '@polytask/gating', options: {} },
);
