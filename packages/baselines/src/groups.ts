import { fail } from '@polytask/core';

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
