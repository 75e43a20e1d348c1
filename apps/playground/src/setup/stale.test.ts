import { expect, it } from 'vitest';
import { initialSetup } from './setup.ts';
import { staleParts } from './stale.ts';

it('names each setting that differs, with both values', () => {
  const page = { ...initialSetup, seeds: 8, rows: 8000, models: ['adatt'], gate: 'softmax' };
  expect(staleParts({ setup: initialSetup }, { setup: page })).toEqual([
    'training rows 4,000 (now 8,000)',
    'models single-task, mmoe, adatt (now adatt)',
    'other gate none (now softmax)',
    'seeds 5 (now 8)',
  ]);
  expect(staleParts({ setup: page }, { setup: { ...page } })).toEqual([]);
});

it('leaves out settings of synthetic tasks where other data were chosen', () => {
  const census = { ...initialSetup, source: 'census' as const };
  expect(staleParts({ setup: census }, { setup: { ...census, correlation: 0.1 } })).toEqual([]);
  expect(staleParts({ setup: initialSetup }, { setup: census })).toEqual(['data synthetic (now census)']);
});

it('counts another file, or other labels of it', () => {
  const setup = { ...initialSetup, source: 'file' as const };
  expect(staleParts({ setup, table: 'a.csv (x)' }, { setup, table: 'a.csv (x, y)' })).toEqual([
    'table a.csv (x) (now a.csv (x, y))',
  ]);
  expect(staleParts({ setup, table: 'a.csv' }, { setup })).toEqual(['table a.csv (now none)']);
});
