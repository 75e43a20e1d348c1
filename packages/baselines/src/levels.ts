import { checks, type ExpertSpec, type GateSpec, type Options, fail } from '@polytask/core';

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

/** Throws unless the groups have each task once. */
export function checkGroups(groups: readonly (readonly string[])[], tasks: readonly string[], where: string): void {
  const named = groups.flat();
  const wrong =
    tasks.find((task) => named.filter((name) => name === task).length !== 1) ??
    named.find((name) => !tasks.includes(name));
  if (wrong === undefined && groups.every((group) => group.length > 0)) return;
  fail({
    expected: `${where} to have each of ${tasks.join(', ')} once, in groups that aren't empty`,
    received: JSON.stringify(groups),
    mend: wrong === undefined ? 'Leave the empty group out.' : `Look for "${wrong}".`,
  });
}
