import type { ExpertSpec } from './expert.ts';
import type { GateSpec } from './gate.ts';
import type { Unit } from './units.ts';

/** A fusion level as a declaration: experts and a matrix of weights. */
export interface FusionLevelConfig {
  /** The lanes that the level reads, with the experts that are native to each. */
  units: readonly Unit[];
  /** One expert for all places, or a list that each unit's experts, or the pool's, take in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
  /** The lanes that the level gives: names of tasks, of units, or both. */
  outputs: readonly string[];
  /** Gives W. */
  weights: GateSpec;
}
