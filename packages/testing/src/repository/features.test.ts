import type { OptionsFor } from '../tester.ts';
import type { Schema } from '@polytask/core';
import { buckets, cross, date, piecewiseLinear, quantileNormal, text } from '@polytask/core/features';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { untested } from '../cases/case.ts';
import { testFeature } from '../kinds/feature.ts';

const DATES = ['2026-01-31', '2026-11-28T13:05', null, '1999-12-31'];
const OTHERS: Schema['features'] = {
  country: { kind: 'categorical', vocabulary: ['NL', 'UK'] },
  device: { kind: 'hashed', buckets: 5 },
};
const PAIRS = [
  { country: 'NL', device: 'phone' },
  { country: null, device: 'phone' },
  { country: 'FR', device: null },
];

/** Every kind of feature of `@polytask/core/features`. A new one is a row here. */
const FEATURES: readonly [Parameters<typeof testFeature>[0], OptionsFor<typeof testFeature>][] = [
  [date(), { values: DATES }],
  [date({ parts: ['week', 'day'] }), { values: DATES, name: 'date by week and day' }],
  [buckets({ count: 3 }), { values: [1, 5, 5.5, null, -3, 1e9] }],
  [piecewiseLinear({ count: 3 }), { values: [1, 5, 5.5, null, -3, 1e9] }],
  [quantileNormal({ count: 3 }), { values: [1, 5, 5.5, null, -3, 1e9] }],
  [text({ words: 2 }), { values: ['A red house', 'red', '', null, 'Häuser, 家'] }],
  [cross({ of: ['country', 'device'], buckets: 20 }), { values: PAIRS, others: OTHERS }],
];

runner.it('has a row for every kind of feature that this entry point defines', () => {
  const specs = FEATURES.map(([{ kind }]) => ({ kind: 'feature' as const, name: kind, config: {} }));
  runner.expect(untested('feature', specs, ['@polytask/core/features'])).toEqual([]);
});

FEATURES.forEach(([feature, options], row) => testFeature(feature, { ...options, runner: dealt(runner, row) }));
