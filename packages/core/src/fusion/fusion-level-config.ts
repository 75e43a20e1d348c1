import type { ExpertSpec } from './expert.ts';
import type { GateSpec } from './gate.ts';
import type { PenaltySpec } from './penalty.ts';
import type { Unit } from './units.ts';
import type { Visibility } from './visibility.ts';

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
