import { defineExpert, type ExpertSpec } from '@polytask/core';
import { expect, it } from 'vitest';
import { tinyExpert } from '../tiny/parts.ts';
import { broken, casesOf, ConformanceError, registerCases, untested } from './case.ts';

const cases = casesOf('expert glu', {
  'it holds': [() => undefined, ''],
  'it breaks': [() => broken('one', 'two'), 'Take one away.'],
  'it throws': [() => Promise.reject(new TypeError('odd')), ''],
});

it('registers a group with a test a case', async () => {
  const groups: string[] = [];
  const tests: Record<string, () => Promise<void>> = {};
  const runner = {
    describe: (name: string, define: () => void) => void (groups.push(name), define()),
    it: (name: string, run: () => Promise<void>) => void (tests[name] = run),
  };
  registerCases(cases, runner);
  expect([groups, Object.keys(tests)]).toEqual([['expert glu'], ['it holds', 'it breaks', 'it throws']]);
  await expect(tests['it holds']!()).resolves.toBeUndefined();
  await expect(tests['it breaks']!()).rejects.toThrow(
    'expert glu: "it breaks" doesn\'t hold. Expected one, saw two. Take one away.',
  );
  await expect(tests['it breaks']!()).rejects.toBeInstanceOf(ConformanceError);
  await expect(tests['it throws']!()).rejects.toThrow('expert glu: "it throws" doesn\'t hold. It threw TypeError: odd');
});

it('says what to pass where there is no runner', () => {
  expect(() => registerCases(cases, {})).toThrow(
    'Expected a test runner with describe and it, received none. Pass one, as in { runner }',
  );
});

const define = (name: string): (() => ExpertSpec) => defineExpert(name, () => ({ outputDim: 1, apply: (x) => x }));

it('is what is defined and has no spec among these, but for components of tests', () => {
  const others = new Set(untested('expert', [tinyExpert()])); // of the test files before, in this process
  const forgotten = (specs: readonly ExpertSpec[]) => untested('expert', specs).filter((name) => !others.has(name));
  const [a, b] = [define('a-tested'), define('a-forgotten')];
  define('test-b');
  define('test.c');
  expect(forgotten([a(), tinyExpert()])).toEqual(['a-forgotten']);
  expect(forgotten([a(), b()])).toEqual([]);
  expect(untested('gate', [])).toContain('sum');
});
