import { checks, type ExpertSpec, type GateSpec, type Options } from '@polytask/core';

const { component, expertSpecs, optional } = checks;

/** What a level of experts is, whatever the architecture. */
export interface ExpertLevel {
  /** What an expert is; a list gives a unit's experts, or the pool's, in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
}

/** A level with a gate that can be exchanged. */
export interface GatedLevel extends ExpertLevel {
  /** Instead of the architecture's own. Its visibility stays the architecture's unless the gate has one. */
  gate?: GateSpec;
}

export const expertLevel: Options<ExpertLevel> = { experts: expertSpecs };

export const gatedLevel: Options<GatedLevel> = { ...expertLevel, gate: optional(component('gate')) };
