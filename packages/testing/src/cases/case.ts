import { PolytaskError, registered, type ComponentKind, type Spec } from '@polytask/core';

/** A promise that a component doesn't keep: which, what was expected, what was seen, and how to mend it. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** What a check found. {@link casesOf} adds whose promise it was, and which. */
export interface Finding {
  readonly expected: string;
  readonly seen: string;
  readonly mend: string;
}

/**
 * Throws a {@link ConformanceError} of three sentences.
 *
 * @example broken({ expected: 'the start of its seed', seen: 'another', mend: 'Draw from the scope.' });
 * // ConformanceError: Expected the start of its seed, saw another. Draw from the scope.
 */
export function broken({ expected, seen, mend }: Finding): never {
  throw new ConformanceError(`Expected ${expected}, saw ${seen}. ${mend}`);
}

/** One promise of a contract as a test that any runner can run. */
export interface Case {
  /** What is promised, such as `gradients reach every weight`. */
  readonly name: string;
  /** Rejects with a {@link ConformanceError} when the promise is broken. */
  run(): Promise<void>;
}

/** Checks by the promise that they check. Each stands alone, and leaves nothing behind. */
export type Checks = Readonly<Record<string, () => void | Promise<void>>>;

/** The checks as cases whose errors say whose promise is broken, and which. */
export const casesOf = (subject: string, checks: Checks): Case[] =>
  Object.entries(checks).map(([name, check]) => ({
    name,
    async run() {
      try {
        await check();
      } catch (error) {
        const what = error instanceof ConformanceError ? error.message : `It threw ${String(error)}`;
        throw new ConformanceError(`${subject}: "${name}" doesn't hold. ${what}`, { cause: error });
      }
    },
  }));

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

/** Components that are defined for tests: `test-expert`, `testing.even`. */
const OF_TESTS = /^test(ing)?[-.]/;

/**
 * The components of a kind that are defined, but that none of the specs is of: what a conformance test has forgotten.
 * Those of tests (`test-…`, `test.…`) don't count.
 *
 * @example expect(untested('expert', ROWS.map(({ spec }) => spec))).toEqual([]);
 */
export function untested(kind: ComponentKind, specs: readonly Spec[]): string[] {
  const tested = new Set(specs.filter((spec) => spec.kind === kind).map(({ name }) => name));
  return registered(kind).filter((name) => !tested.has(name) && !OF_TESTS.test(name));
}
