import { defineGate, type GateOptions, type GateSpec } from '@polytask/core';

/**
 * Identity gate: weight 1 for each expert that the unit sees, without parameters (single-task, shared-bottom, AdaTT's residual).
 *
 * @returns weights [units, 1, experts]
 * @throws PolytaskError when an option is unknown
 * @example identityGate({ sees: 'own' })
 */
export const identityGate: (config?: GateOptions) => GateSpec = defineGate(
  'identity',
  ({ mask, visible }) => ({
    reads: 'nothing',
    fixed: visible.map((row) => row.map(Number)),
    apply: () => mask,
  }),
  { description: 'weight 1 for each visible expert', package: '@polytask/gating' },
);
