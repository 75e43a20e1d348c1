import {
  component,
  definedIn,
  listOf,
  number,
  optional,
  positive,
  shaped,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import {
  defineNetwork as define,
  expertSpecs,
  fail,
  ownUnits,
  poolUnits,
  SHARED,
  sharedUnit,
  type ExpertSpec,
  type GateSpec,
  type Unit,
} from '@polytask/core';
import { identityGate } from '@polytask/gating';

export const defineNetwork = definedIn('@polytask/baselines', define);

export const expertLevel = {
  /** The experts: one spec, or a list of specs that the experts of a unit, or of the pool, take in turn. */
  experts: expertSpecs,
};

export const expertLevels = {
  /** The levels, from the input up; one or more. */
  levels: listOf(shaped(expertLevel), 1),
};

export interface LevelsOptions extends Written<typeof expertLevels>, FromDescription {}

export const gatedLevel = {
  ...expertLevel,
  /** Replaces the gate of the architecture. The visibility stays the same unless the gate's `sees` is set. */
  gate: optional(component('gate')),
};

const pooledLevel = {
  ...gatedLevel,
  /** The number of experts in the pool, 1 or more. */
  pool: wholeNumber(1),
};

export const pooledLevels = {
  /** The levels, from the input up; one or more. */
  levels: listOf(shaped(pooledLevel), 1),
};

export interface PooledLevelsOptions extends Written<typeof pooledLevels>, FromDescription {}

export const relaxedChoice = {
  /** Temperature of the relaxed choice in training. */
  temperature: optional(positive, 1),
  /** The factor by which the temperature is multiplied at each step, down to 0.1. */
  decay: optional(number({ above: 0, to: 1 }), 1),
};

/** A unit of one expert. */
export const oneExpert = (name: string, reads: readonly string[] = [name]): Unit => ({
  ...{ name, kind: 'own', experts: 1, reads },
});

/** A level of one expert that all tasks share. */
export const sharedLevel = (experts: ExpertSpec | readonly ExpertSpec[], outputs: readonly string[] = [SHARED]) => ({
  units: sharedUnit(1),
  experts,
  outputs,
  gate: identityGate({ sees: 'all' }),
});

/** The names of the experts of the next level's pool, or the tasks above the last level. */
export const outputsOf = (next: { readonly pool: number } | undefined, tasks: readonly string[]): readonly string[] =>
  next ? poolUnits(next.pool).map(({ name }) => name) : tasks;

/** Levels with one expert for each task. @param gate default: each task goes on with its own expert */
export const taskLevels = (
  levels: LevelsOptions['levels'],
  tasks: readonly string[],
  gate: GateSpec = identityGate({ sees: 'own' }),
) => levels.map(({ experts }) => ({ units: ownUnits(tasks), experts, outputs: tasks, gate }));

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
