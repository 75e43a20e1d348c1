import type { OptionsFor } from '../tester.ts';
import { embed, type InputSpec } from '@polytask/core';
import { periodic } from '@polytask/core/features';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { untested } from '../cases/case.ts';
import { testInput } from '../kinds/input.ts';

const numbers = { x: { kind: 'vector', width: 3 } } as const;
const ages = {
  ...numbers,
  age: { kind: 'numeric', mean: 0, deviation: 1, indicator: true },
  height: { kind: 'numeric', mean: 0, deviation: 1 },
} as const;

/** Every input of core. Those of baselines have their rows there. */
const INPUTS: readonly (readonly [InputSpec, OptionsFor<typeof testInput>])[] = [
  [embed({ dimension: 2 }), { outputDim: 3 + 1 + (1 + 2 + 1 + 1) * 2 + 1 }],
  [
    embed({ dimension: 3, start: 'pytorch', attention: { hidden: [4], activation: 'relu' } }),
    { name: 'embed, N(0, 1)' },
  ],
  [embed({ dimension: 2, update: 'sparse' }), { name: 'embed with sparse updates' }],
  [
    embed({ dimension: 2 }),
    {
      name: 'embed of repeated values',
      features: { ...numbers, age: { ...ages.age, repeated: [3, 0] } },
      outputDim: 3 + 2 + 2,
    },
  ],
  [embed(), { name: 'embed of numbers alone', features: numbers, outputDim: 3 }],
  [
    embed({ dimension: 2, numbers: periodic({ frequencies: 3, dimension: 4 }) }),
    { name: 'embed, periodic', outputDim: 4 + 3 + (1 + 2 + 1 + 1) * 2 + 1 },
  ],
  [periodic({ deviation: 0.5, lite: true }), { features: ages, outputDim: 2 * 8 + 3 }],
];

runner.it('has a row for every input of core', () => {
  const specs = INPUTS.map(([spec]) => spec);
  runner.expect(untested('input', specs, ['@polytask/core', '@polytask/core/features'])).toEqual([]);
});

INPUTS.forEach(([spec, options], row) => testInput(spec, { ...options, runner: dealt(runner, row) }));
