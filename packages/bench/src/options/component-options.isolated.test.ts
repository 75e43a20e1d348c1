import { defineGramianBalancer } from '@polytask/balancing';
import { checks, defineExpert, defineGate } from '@polytask/core';
import { defineOptimizer } from '@polytask/training';
import '@polytask/gating';
import { expect, test } from 'vitest';
import { componentNamed, optionsOfComponent } from './component-options.ts';

defineExpert('outside/twice', () => ({ outputDim: 1, apply: (x) => x }), {
  variants: { 'outside/two': { layer: (units) => ({ units }) } },
  options: {
    units: checks.wholeNumber(1),
    widths: checks.optional(checks.listOf(checks.shaped({ last: checks.optional(checks.number()) }))),
  },
  help: {
    units: 'The width of the output.',
    'widths[].last': 'A number. Default 0.5, as in the paper. It may be 0.',
  },
});

test('a component from outside has the texts of its definition', () => {
  expect(componentNamed('expert', 'outside/two')).toBe('outside/twice');
  expect(optionsOfComponent({ kind: 'expert', name: 'outside/twice' })).toEqual([
    { name: 'units', type: 'a whole number of 1 or more', required: true, description: 'The width of the output.' },
    { name: 'widths', type: 'a list of objects', required: false, description: '' },
    {
      ...{ name: 'widths[].last', type: 'a number', required: false },
      ...{ description: 'A number. It may be 0.', default: '0.5, as in the paper' },
    },
  ]);
});

test('a component from outside has the texts of the options that its kind adds', () => {
  const textsIn = (kind: 'optimizer' | 'gate' | 'balancer', name: string) =>
    Object.fromEntries(optionsOfComponent({ kind, name }).map((option) => [option.name, option.description]));
  defineOptimizer('outside/still', { slots: () => ({}), coefficients: () => ({}), update: (now) => now });
  expect(textsIn('optimizer', 'outside/still')).toEqual({
    learningRate: textsIn('optimizer', 'adam')['learningRate'],
    ema: expect.stringContaining('exponential moving average') as string,
  });
  defineGate('outside/even', ({ mask }) => ({ reads: 'nothing', apply: () => mask }), {
    options: { temperature: checks.positive },
  });
  expect(textsIn('gate', 'outside/even')).toEqual({ temperature: '', sees: textsIn('gate', 'softmax')['sees'] });
  expect(textsIn('gate', 'softmax')['sees']).not.toBe('');
  defineGramianBalancer('outside/ones', { start: () => null, weights: (_s, _c, { tasks }) => tasks.map(() => 1) });
  expect(textsIn('balancer', 'outside/ones')['of']).toContain('gradients of all shared parameters');
});

test('a name that no component has is undefined', () => {
  expect(componentNamed('expert', 'outside/none')).toBe(undefined);
});
