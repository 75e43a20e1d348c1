import { defineExpert, type ExpertSpec } from '@polytask/core';
import { expect, it } from 'vitest';
import { tinyExpert } from '../tiny/parts.ts';
import { untested } from './untested.ts';

const define = (name: string): (() => ExpertSpec) => defineExpert(name, () => ({ outputDim: 1, apply: (x) => x }));

it('is what is defined and has no spec among these, but for components of tests', () => {
  const [a, b] = [define('a-tested'), define('a-forgotten')];
  define('test-b');
  define('test.c');
  expect(untested('expert', [a(), tinyExpert()])).toEqual(['a-forgotten']);
  expect(untested('expert', [a(), b()])).toEqual([]);
  expect(untested('gate', [])).toEqual(['sum']);
});
