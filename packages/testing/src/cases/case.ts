import { mapValues } from '@polytask/components';
import { PolytaskError, componentsOf, type ComponentKind, type Spec, type Traits } from '@polytask/core';

/** A broken promise of a component. The message names the promise, the expected and the received value, and the remedy. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** Stands for the fix of the promise in the message of a check, which {@link casesOf} knows. */
const FIX = '{fix}';

/** Fails a check with a {@link ConformanceError}. @param fix default: that of the promise */
export function broken(expected: string, seen: unknown, fix: string = FIX): never {
  throw new ConformanceError(`Expected ${expected}, saw ${String(seen)}. ${fix}`);
}

/** Fails a check where a condition doesn't hold, as {@link broken} does. */
export function expectThat(holds: boolean, expected: string, seen: unknown, fix?: string): void {
  if (!holds) broken(expected, seen, fix);
}

/** Requires that a call throws, or rejects. @param what is refused */
export async function expectRefused(what: string, call: () => unknown): Promise<void> {
  try {
    await call();
  } catch {
    return;
  }
  broken(`an error for ${what}`, 'none');
}

/** One promise of a contract, as a test for any runner. */
export interface Case {
  /** What is tested, such as `expert glu`. */
  readonly subject: string;
  /** The promise, such as `gradients reach every weight`. */
  readonly name: string;
  /** Rejects with a {@link ConformanceError} when the promise doesn't hold. */
  run(): Promise<void>;
}

/**
 * What holds if a promise is kept, how to fix a component that breaks it, and the traits of which it is asked (default: all). A check depends
 * on no other check, and frees all that it creates.
 */
export type Check<S = void> = readonly [
  holds: (subject: S) => void | Promise<void>,
  fix: string,
  asked?: (traits: Traits) => boolean | undefined,
];

export const check = <S = void>(...given: Check<S>): Check<S> => given;

/** Checks by promise. */
export type Checks<S = void> = Readonly<Record<string, Check<S>>>;

/** Checks of a part of the subject, which `use` gives to what has to hold. */
export const checksWith = <S, P>(
  use: (subject: S, holds: Check<P>[0]) => void | Promise<void>,
  checks: Checks<P>,
): Checks<S> => mapValues(checks, ([holds, ...about]) => check((subject: S) => use(subject, holds), ...about));

/** Turns checks into cases. Their errors name the component and the promise. */
export const casesOf = (subject: string, checks: Checks): Case[] =>
  Object.entries(checks).map(([name, [holds, fix]]) => ({
    ...{ subject, name },
    async run() {
      try {
        await holds();
      } catch (error) {
        const reason = error instanceof ConformanceError ? error.message : `It threw ${String(error)}`;
        const message = `${subject}: "${name}" doesn't hold. ${reason.replace(FIX, () => fix)}`;
        throw new ConformanceError(message, { cause: error });
      }
    },
  }));

/** Trainings and new processes take longer than the five seconds that Vitest and Jest give a test. */
const TIMEOUT = 120_000;

/** A test runner: the module `vitest` or `node:test`, or the globals of Jest. */
export interface Runner {
  describe(name: string, define: () => void): unknown;
  /** @param timeout in milliseconds, for runners that have one */
  it(name: string, run: () => Promise<void>, timeout?: number): unknown;
}

/** Set in a process that a test has started. */
export const IN_NEW_PROCESS = Symbol.for('@polytask/testing/new-process');

/**
 * Registers the cases as one group of tests.
 *
 * @throws PolytaskError when there is no test runner, and in a process that a test has started: it would start others without end
 */
export function registerCases(cases: readonly Case[], runner: Partial<Runner> = globalThis as Partial<Runner>): void {
  if (IN_NEW_PROCESS in globalThis) {
    throw new PolytaskError(
      'Expected as `module` the file that defines the component, received one with tests. Define it in a file of its own.',
    );
  }
  const { describe, it } = runner;
  if (typeof describe !== 'function' || typeof it !== 'function') {
    throw new PolytaskError(
      'Expected a test runner with describe and it, received none. ' +
        "Pass one, as in { runner } after import * as runner from 'vitest' (or 'node:test'), or let the runner set its globals.",
    );
  }
  describe(cases[0]!.subject, () => {
    for (const { name, run } of cases) it(name, () => run(), TIMEOUT);
  });
}

/** Names of components that are defined for tests: `test-expert`, `testing.even`. */
export const TEST_COMPONENT = /^test(ing)?[-.]/;

/**
 * The registered components of a kind that no spec uses, so that a conformance test can't forget one. Components for
 * tests (`test-…`, `test.…`, `testing.…`) don't count.
 *
 * @param packages names of packages, whose components alone count. Default: those of all packages that are imported
 * @returns the names of the components
 *
 * @example expect(untested('expert', ROWS.map(({ spec }) => spec))).toEqual([]);
 */
export function untested(kind: ComponentKind, specs: readonly Spec[], packages?: readonly string[]): string[] {
  const tested = new Set(specs.filter((spec) => spec.kind === kind).map(({ name }) => name));
  const counts = ({ package: from }: { package?: string | undefined }) => !packages || packages.includes(from ?? '');
  return componentsOf(kind)
    .filter((component) => counts(component) && !tested.has(component.name) && !TEST_COMPONENT.test(component.name))
    .map(({ name }) => name);
}

/** Runs the work with a new directory, which is gone afterwards. The modules of Node are imported on demand. */
export async function inDirectory<R>(work: (directory: string) => Promise<R>): Promise<R> {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const directory = await mkdtemp(`${tmpdir()}/polytask-`);
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
