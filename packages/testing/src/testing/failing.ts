import type { Case } from '../cases/case.ts';

/** The error messages of the cases that fail, by the case's name. @param among the cases that run. Default, or with none: all */
export async function failing(cases: readonly Case[], among: readonly string[] = []): Promise<Record<string, string>> {
  const failures: Record<string, string> = {};
  const missing = among.filter((each) => !cases.some(({ name }) => name === each));
  if (missing.length > 0) throw new Error(`There is no case "${missing.join('", "')}".`);
  for (const { name, run } of cases) {
    if (among.length > 0 && !among.includes(name)) continue;
    await run().catch((error: Error) => (failures[name] = error.message));
  }
  return failures;
}
