import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import { rowsSentences } from './rows-sentence.ts';

const said = (data: object, notes: Parameters<typeof summarize>[1] = {}) => {
  const trial = trialOf();
  return rowsSentences(summarize([{ ...trial, config: { ...trial.config, data: { ...data } } }], notes));
};

test('the rows of a seed, and what was left out', () => {
  expect(said({ rows: { train: 8000, validation: 2000, test: 8000 } })).toEqual([
    '8,000 training, 2,000 validation and 8,000 test rows per seed.',
  ]);
  expect(said({ validation: 0.1, rows: { train: 199_523, test: 99_762 } })).toEqual([
    '199,523 training (10% of them for validation) and 99,762 test rows per seed.',
  ]);
  const message = 'Limited by --limit-rows: 5 of 10 training rows.';
  expect(said({ rows: { test: 5 } }, { notes: [{ guard: 'limited rows', message }] })).toEqual([
    '5 test rows per seed.',
    message,
  ]);
});

test('a suite that counts its rows otherwise, or not at all, has no sentence', () => {
  expect(said({ rows: 64 })).toEqual([]);
  expect(said({})).toEqual([]);
});
