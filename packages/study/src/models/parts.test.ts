import { expect, test } from 'vitest';
import { modelLabel, partsOfLabel, type TrialParts } from './parts.ts';
import '@polytask/experts';
import '@polytask/gating';

const CASES: readonly [label: string, parts: TrialParts][] = [
  ['adatt', { model: 'adatt' }],
  ['adatt + pcgrad@representation', { model: 'adatt', balancer: 'pcgrad@representation' }],
  ['adatt [swiglu]', { model: 'adatt', expert: 'swiglu' }],
  ['adatt [noisy-top-k]', { model: 'adatt', gate: 'noisy-top-k' }],
  ['ple [swiglu, noisy-top-k] + mgda', { model: 'ple', expert: 'swiglu', gate: 'noisy-top-k', balancer: 'mgda' }],
];

test.each(CASES)('%s is printed from its parts, and read from an older result', (label, parts) => {
  expect(modelLabel(parts)).toBe(label);
  expect(partsOfLabel(label)).toEqual(parts);
});

test('a name with such signs stays a name', () => {
  for (const label of ['mine [v2]', 'a + b c', '[x]', 'ensemble of adatt']) {
    expect(modelLabel(partsOfLabel(label))).toBe(label);
    expect(partsOfLabel(label).model).toBe(label);
  }
});
