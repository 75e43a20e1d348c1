import { embed, type InputSpec, type Schema } from '@polytask/core';
import { testInput, untested, type OptionsFor } from '@polytask/testing';
import * as runner from 'vitest';
import { dealt } from '../../../cases.base.ts';
import { binned } from './boosting/binned.ts';
import { ensembleInput } from './ensemble.ts';
import { oneHot } from './logistic-regression.ts';

/** A feature of each form, without the composed vectors that one-hot columns refuse. */
const features: Schema['features'] = {
  x: { kind: 'vector', width: 3 },
  gain: { kind: 'numeric', mean: 0, deviation: 1, repeated: [0] },
  item: { kind: 'categorical', vocabulary: ['a', 'b', 'c'] },
  history: {
    kind: 'id-sequence',
    values: { kind: 'shared', with: 'item' },
    separator: '|',
    maxLength: 3,
    pooling: 'mean',
  },
  days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 0, deviation: 1 }, separator: '|' },
};

/** Every input of the package. */
const INPUTS: readonly (readonly [InputSpec, OptionsFor<typeof testInput>])[] = [
  [oneHot(), { features, outputDim: 4 + (1 + 2) + (3 + 2) + 1 }],
  [
    ensembleInput({ members: [embed({ dimension: 2 }), embed({ dimension: 3 })] }),
    { features, outputDim: 4 + 6 + 1 + 4 + 9 + 1 },
  ],
];

runner.it('has a row for every input of the package', () => {
  const specs = [...INPUTS.map(([spec]) => spec), binned()]; // bins have no gradients: boosting/boosted-trees.test.ts
  runner.expect(untested('input', specs, ['@polytask/baselines'])).toEqual([]);
});

INPUTS.forEach(([spec, options], row) => testInput(spec, { ...options, runner: dealt(runner, row) }));
