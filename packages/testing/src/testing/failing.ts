import type { Case, Runner } from '../cases/case.ts';

/** The error messages of the cases that fail, by the case's name. @param tests cases, or what registers them with a runner */
export async function failing(tests: readonly Case[] | ((runner: Runner) => void)): Promise<Record<string, string>> {
  const registered: Pick<Case, 'name' | 'run'>[] = [];
  const runner: Runner = { describe: (_, define) => define(), it: (name, run) => registered.push({ name, run }) };
  if (typeof tests === 'function') tests(runner);
  const failures: Record<string, string> = {};
  for (const { name, run } of typeof tests === 'function' ? registered : tests)
    await run().catch((error: Error) => (failures[name] = error.message));
  return failures;
}
