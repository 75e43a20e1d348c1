import { registered, type ComponentKind, type Spec } from '@polytask/core';

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
