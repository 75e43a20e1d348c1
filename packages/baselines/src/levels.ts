import { checks, fail, ownUnits, type ExpertSpec, type GateSpec, type Options } from '@polytask/core';
import { identityGate } from '@polytask/gating';

const { component, expertSpecs, optional } = checks;

/** The options of a level in every architecture. */
export interface ExpertLevel {
  /** The experts: one spec, or a list of specs that the experts of a unit, or of the pool, take in turn. */
  experts: ExpertSpec | readonly ExpertSpec[];
}

/** A level whose gate can be replaced. */
export interface GatedLevel extends ExpertLevel {
  /** Replaces the gate of the architecture. The visibility stays the same unless the gate's `sees` is set. */
  gate?: GateSpec;
}

export const expertLevel: Options<ExpertLevel> = { experts: expertSpecs };

export const gatedLevel: Options<GatedLevel> = { ...expertLevel, gate: optional(component('gate')) };

/** Levels with one expert for each task. @param gate default: each task goes on with its own expert */
export const taskLevels = (
  levels: readonly ExpertLevel[],
  tasks: readonly string[],
  gate: GateSpec = identityGate({ sees: 'own' }),
) => levels.map(({ experts }) => ({ units: ownUnits(tasks), experts, outputs: tasks, gate }));

/** Throws unless the groups contain each task exactly once. */
export function checkGroups(groups: readonly (readonly string[])[], tasks: readonly string[], where: string): void {
  const named = groups.flat();
  const wrong =
    tasks.find((task) => named.filter((name) => name === task).length !== 1) ??
    named.find((name) => !tasks.includes(name));
  if (wrong === undefined && groups.every((group) => group.length > 0)) return;
  fail({
    expected: `${where} to have each of ${tasks.join(', ')} once, in groups that aren't empty`,
    received: JSON.stringify(groups),
    fix: wrong === undefined ? 'Leave the empty group out.' : `Look for "${wrong}".`,
  });
}
