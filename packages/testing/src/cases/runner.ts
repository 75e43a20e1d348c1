import { PolytaskError } from '@polytask/core';
import type { Case } from './case.ts';

/** What the kit needs of a test runner. The modules `vitest` and `node:test` are runners, and so are Jest's globals. */
export interface Runner {
  describe(name: string, define: () => void): unknown;
  it(name: string, run: () => Promise<void>): unknown;
}

/** Where cases are registered. */
export interface RunnerOptions {
  /** The runner's module: `import * as runner from 'node:test'`. Default: the globals `describe` and `it`. */
  runner?: Runner | undefined;
}

/** Registers the cases as one group of tests. Throws a PolytaskError when there is no runner. */
export function registerCases(
  title: string,
  cases: readonly Case[],
  { runner = globalThis as Partial<Runner> }: { runner?: Partial<Runner> | undefined },
): void {
  const { describe, it } = runner;
  if (typeof describe !== 'function' || typeof it !== 'function') {
    throw new PolytaskError(
      'Expected a test runner with describe and it, received none. ' +
        "Pass one, as in { runner } after import * as runner from 'vitest' (or 'node:test'), or let the runner set its globals.",
    );
  }
  describe(title, () => {
    for (const { name, run } of cases) it(name, () => run());
  });
}
