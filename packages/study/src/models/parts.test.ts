import { expect, test } from 'vitest';
import { modelLabel, type TrialParts } from './model-variant.ts';

const CASES: readonly [label: string, parts: TrialParts][] = [
  ['adatt', { model: 'adatt' }],
  ['adatt + pcgrad@representation', { model: 'adatt', balancer: 'pcgrad@representation' }],
  ['adatt [swiglu]', { model: 'adatt', expert: 'swiglu' }],
  ['adatt [noisy-top-k]', { model: 'adatt', gate: 'noisy-top-k' }],
  ['ple [swiglu, noisy-top-k] + mgda', { model: 'ple', expert: 'swiglu', gate: 'noisy-top-k', balancer: 'mgda' }],
];

test.each(CASES)('%s is printed from its parts', (label, parts) => {
  expect(modelLabel(parts)).toBe(label);
});
