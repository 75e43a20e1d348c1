import { fail, wholeNumber } from '@polytask/components';
import type { ExpertSpec } from './expert.ts';
import type { GateSpec } from './gate.ts';
import type { PenaltySpec } from './penalty.ts';
import type { TiedExperts } from './tied-bank.ts';
import { type Unit, lanesOf } from './units.ts';
import type { Visibility } from './visibility.ts';

/** The declaration of a fusion level: experts, and a gate for the matrix W of weights. */
export interface FusionLevelDeclaration {
  /** The lanes that the level reads, and the number of experts that are native to each. */
  units: readonly Unit[];
  /** One expert for all places, or a list that the experts of each unit, or of the pool, take in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
  /** The lanes that the level outputs: names of tasks, of units, or both. */
  outputs: readonly string[];
  /** The gate that computes W. */
  gate: GateSpec;
  /** Lanes that pass through unchanged, beside the outputs, for a level above. */
  keeps?: readonly string[];
  /** The lanes that the gate of an output reads, concatenated. Default: the lane with the output's name. */
  gateReads?: Readonly<Record<string, readonly string[]>>;
  /** Experts that all units share, `tiedExperts(name)`. Default: each unit has its own. */
  tied?: TiedExperts;
  /** The experts that the loss of an output trains. Default: all experts that it sees (STEM trains fewer). */
  trains?: Visibility;
  /** Losses on the experts' parameters. */
  penalties?: readonly PenaltySpec[];
}

/** Throws when the units, outputs and lanes of a level don't fit together. */
export function validateLevel(
  config: Pick<FusionLevelDeclaration, 'units' | 'outputs' | 'keeps'> & { path: string; lanes: readonly string[] },
): void {
  const { path, units, outputs, lanes, keeps = [] } = config;
  for (const unit of units) {
    const { name, experts } = unit;
    wholeNumber().read(experts, `the experts of unit "${name}" at ${path}`);
    const missing = lanesOf(unit).find((lane) => !lanes.includes(lane));
    if (missing !== undefined) {
      const isOwnLane = missing === name;
      fail({
        expected: `unit "${name}" at ${path} to have a lane from the level before${isOwnLane ? '' : `, "${missing}"`}`,
        received: `lanes ${lanes.join(', ')}`,
        fix: `Add it to the outputs of the level before${isOwnLane ? '' : ', or to the lanes that it keeps'}.`,
      });
    }
  }
  const absentLane = keeps.find((lane) => !lanes.includes(lane));
  if (absentLane !== undefined) {
    fail({
      expected: `lane "${absentLane}" to come to ${path}, which keeps it`,
      received: `lanes ${lanes.join(', ')}`,
      fix: 'Let the level before give or keep it.',
    });
  }
  if (units.every(({ experts }) => experts === 0)) {
    fail({ expected: `at least one expert at ${path}`, received: 'none', fix: 'Pass perTask or shared above 0.' });
  }
  for (const [what, names] of [
    ['units', units.map((unit) => unit.name)],
    ['outputs', [...outputs, ...keeps]],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      fail({ expected: `${what} with different names at ${path}`, received: `"${twice}" twice`, fix: 'Rename one.' });
    }
  }
}
