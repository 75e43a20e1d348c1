import {
  aboutOf,
  allComponents,
  type ComponentName,
  createSpec,
  definedBy,
  type ComponentExample,
  groupBy,
  readOptions,
  specText,
  type Written,
} from '@polytask/components';
import { fail } from '@polytask/core';
import { broken, casesOf, registerCases, type Case } from './cases/case.ts';
import * as kinds from './kinds.ts';
import { everyTest, type Tester } from './tester.ts';

const TESTS = new Map(Object.values(kinds).map((test) => [test.about.kind, test as Tester<unknown, object>]));

/** The components that a module exports, and all others that their packages define. */
function componentsIn(module: object): readonly ComponentName[] {
  const keyOf = ({ kind, name }: ComponentName) => `${kind}:${name}`;
  const exports = new Map(Object.entries(module).map(([as, value]) => [value as unknown, as])); // a component may have two
  const exported = [...exports].flatMap(([value, as]) => {
    const component = definedBy(value);
    return component ? [{ ...component, as }] : [];
  });
  const byKey = groupBy(exported, keyOf);
  for (const [first, second] of byKey.values())
    if (first && second)
      fail({
        expected: 'one definition for each name',
        received: `${first.as} and ${second.as}, which both define the ${first.kind} "${first.name}"`,
        fix: 'Rename one of them. Of two definitions of a name in one package, only the last counts.',
      });
  const keys = new Set(byKey.keys());
  const packages = new Set(exported.map(({ kind, name }) => aboutOf(kind, name).package));
  const found = allComponents().filter((each) => keys.has(keyOf(each)) || (each.package && packages.has(each.package)));
  if (found.length > 0) return found;
  return fail({
    expected: 'a module that exports components',
    received: Object.keys(module).join(', ') || 'none',
    fix: "Pass the module itself: import * as components from './index.ts'.",
  });
}

/** The cases of a component, with each of its examples. Without an example that can be built, there is one case, which fails. */
function casesOfComponent({ kind, name }: ComponentName, options: object): Case[] {
  const test = TESTS.get(kind)!;
  const { of = (each, config) => createSpec(kind, each, config), variant, config = () => ({}) } = test.about;
  try {
    const { examples, variant: own, variants } = aboutOf(kind, name);
    const all = [...(own ? [own] : []), ...Object.values(variants ?? {})] as never[];
    const derived = variant && all.length > 0 ? all.map(variant) : [{ config: config(name) }];
    const tested: readonly ComponentExample[] = examples?.length ? examples : derived;
    return tested.flatMap(({ config = {}, ...own }) => {
      const label = tested.length > 1 ? specText(name, config as Readonly<Record<string, unknown>>) : name;
      return test.cases(of(name, config), { ...options, ...own, name: label });
    });
  } catch (error) {
    const fix = 'Add `examples: [{ config: { … } }]` to its definition, with the options of its test beside `config`.';
    const seen = `an error: ${(error as Error).message}`;
    const fails = () => broken('an example that can be built', seen);
    return casesOf(`${kind} ${name}`, { 'it is built from an example': [fails, fix] });
  }
}

const { name: _name, ...packageTest } = everyTest; // each component has its own name

/** The options of {@link testComponents}: those of every kind's test. */
export type TestComponentsOptions = Written<typeof packageTest>;

function allCases(module: object, options: TestComponentsOptions = {}): Case[] {
  const { runner: _, ...given } = readOptions(options, packageTest, 'testComponents');
  return componentsIn(module).flatMap((each) => casesOfComponent(each, given));
}

/**
 * Tests all components that a package defines, each by the test of its kind. A component is tested with the `examples` of its definition,
 * else with its variants, else with the defaults of its options. If none of them can be built, its test fails, and says so.
 *
 * @param module the exports of the package, or of a file
 * @throws PolytaskError for a module without a component or with two definitions of one name, and when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * import * as components from './index.ts';
 * testComponents(components, { module: new URL('./index.ts', import.meta.url).href, runner });
 */
export function testComponents(module: object, options: TestComponentsOptions = {}): void {
  for (const cases of groupBy(allCases(module, options), ({ subject }) => subject).values())
    registerCases(cases, options.runner);
}

/** The promises, one for each case, for a runner that has no `describe` and `it`. */
testComponents.cases = allCases;
