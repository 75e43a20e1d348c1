import type { Case } from '../cases/case.ts';

/** The error messages of the cases that fail, by the case's name. */
export async function failing(cases: readonly Case[]): Promise<Record<string, string>> {
  const failures: Record<string, string> = {};
  for (const { name, run } of cases) await run().catch((error: Error) => (failures[name] = error.message));
  return failures;
}
