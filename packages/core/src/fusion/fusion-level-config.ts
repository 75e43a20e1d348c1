import type { ExpertSpec } from './expert.ts';
import type { GateSpec } from './gate.ts';
import type { PenaltySpec } from './penalty.ts';
import { type Unit, lanesOf } from './units.ts';
import type { Visibility } from './visibility.ts';
import { fail } from '../errors/errors.ts';

/** A fusion level as a declaration: experts and a matrix of weights. */
export interface FusionLevelConfig {
  /** The lanes that the level reads, with the experts that are native to each. */
  units: readonly Unit[];
  /** One expert for all places, or a list that each unit's experts, or the pool's, take in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
  /** The lanes that the level gives: names of tasks, of units, or both. */
  outputs: readonly string[];
  /** Gives W. */
  gate: GateSpec;
  /** Lanes that go on as they are beside the outputs: a level above reads them too. */
  keeps?: readonly string[];
  /** The lanes that an output's gate reads, side by side. By default the one of the output's own name. */
  gateReads?: Readonly<Record<string, readonly string[]>>;
  /**
   * A name for experts that all units have in common: expert i of every unit, here and in every level with this name, has
   * the same parameters and reads its own unit's lane (soft layer ordering, AdaShare).
   */
  tied?: string;
  /** The experts that an output's loss trains. By default those that it sees (STEM trains fewer). */
  trains?: Visibility;
  /** Losses on the experts' parameters. */
  penalties?: readonly PenaltySpec[];
}

/** Throws when a level's units, outputs and lanes don't fit together. */
export function validateLevel(
  config: Pick<FusionLevelConfig, 'units' | 'outputs' | 'keeps'> & { path: string; lanes: readonly string[] },
): void {
  const { path, units, outputs, lanes, keeps = [] } = config;
  for (const unit of units) {
    const { name, experts } = unit;
    if (!Number.isInteger(experts) || experts < 0) {
      fail({
        expected: `a whole number of experts for unit "${name}" at ${path}`,
        received: String(experts),
        mend: 'Give perTask one number, a number for each task in their order, or a number by task name.',
      });
    }
    const missing = lanesOf(unit).find((lane) => !lanes.includes(lane));
    if (missing !== undefined) {
      const own = missing === name;
      fail({
        expected: `unit "${name}" at ${path} to have a lane from the level before${own ? '' : `, "${missing}"`}`,
        received: `lanes ${lanes.join(', ')}`,
        mend: `Add it to the outputs of the level before${own ? '' : ', or to the lanes that it keeps'}.`,
      });
    }
  }
  const lost = keeps.find((lane) => !lanes.includes(lane));
  if (lost !== undefined) {
    fail({
      expected: `lane "${lost}" to come to ${path}, which keeps it`,
      received: `lanes ${lanes.join(', ')}`,
      mend: 'Let the level before give or keep it.',
    });
  }
  if (units.every(({ experts }) => experts === 0)) {
    fail({ expected: `at least one expert at ${path}`, received: 'none', mend: 'Pass perTask or shared above 0.' });
  }
  for (const [what, names] of [
    ['units', units.map((unit) => unit.name)],
    ['outputs', [...outputs, ...keeps]],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      fail({ expected: `${what} with different names at ${path}`, received: `"${twice}" twice`, mend: 'Rename one.' });
    }
  }
}
