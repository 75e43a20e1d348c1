import type { GateSpec } from '@polytask/core';
import { expectFinite } from '../checks/agreement.ts';
import { gateProbe } from '../probes/gate-probe.ts';
import { outputsOf, withProbe } from '../probes/probe.ts';

/** [units, batch or 1, experts] for one row and for more, in training and not, all finite. The level refuses other shapes. */
export function checkGateShapes(spec: GateSpec): void {
  for (const rows of [1, 5]) {
    withProbe(gateProbe(spec, { rows }), (probe) => {
      for (const training of [false, true]) {
        expectFinite(
          outputsOf(probe, training),
          'Guard logarithms, divisions and roots at 0, and a softmax of nothing.',
        );
      }
    });
  }
}
