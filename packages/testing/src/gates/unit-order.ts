import type { GateSpec, Unit } from '@polytask/core';
import { expectAgreement, type Numbers } from '../checks/agreement.ts';
import { gateProbe } from '../probes/gate-probe.ts';
import { withProbe } from '../probes/probe.ts';
import { TINY_UNITS } from '../tiny/tiny-level.ts';

/** Units in another order, with the same seed, have the same weights by name. */
export function checkUnitOrder(spec: GateSpec): void {
  const turned = [TINY_UNITS[1]!, TINY_UNITS[0]!, TINY_UNITS[2]!];
  expectAgreement(byName(spec, turned), byName(spec, TINY_UNITS), 1e-5, {
    what: 'the same weights when the units stand in another order',
    mend: 'Make parameters over the experts with overExperts, and go by names or by visible and native, not by places.',
  });
}

/** Weights over the rows by unit and expert. */
const byName = (spec: GateSpec, units: readonly Unit[]): Numbers =>
  withProbe(gateProbe(spec, { units }), (probe) => {
    const { outputs, experts } = probe.level;
    const parts = Object.entries(probe.weights()).filter(
      (part): part is [string, number[][][]] => part[1] !== undefined,
    );
    const columns = parts.flatMap(([part, weights]) =>
      outputs.flatMap((unit, u) =>
        experts.map(
          (place, e) =>
            [`${part} weight of ${place.unit}.${place.index} for ${unit}`, weights[u]!.map((row) => row[e]!)] as const,
        ),
      ),
    );
    return Object.fromEntries(columns);
  });
