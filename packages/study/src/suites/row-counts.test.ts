import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import { limitNotes, rowsSentences } from './row-counts.ts';

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
  const notes = limitNotes({ config: { rows: { train: 5 } }, wholeRows: { train: 10 } }, 5);
  expect(said({ rows: { test: 5 } }, { notes })).toEqual([
    '5 test rows per seed.',
    'Limited by --limit-rows: 5 of 10 training rows.',
  ]);
});

test('a suite that counts its rows otherwise, or not at all, has no sentence', () => {
  expect(said({ rows: 64 })).toEqual([]);
  expect(said({})).toEqual([]);
});

test('what --limit-rows or a suite left out is a note, part by part; nothing left out is none', () => {
  const config = { rows: { train: 5000, validation: 2000, test: 5000 } };
  const of = (wholeRows?: object, limit: number | undefined = 5000) =>
    limitNotes({ config, ...(wholeRows && { wholeRows }) }, limit).map(({ message }) => message);
  expect(of({ train: 179_571, test: 99_762 })).toEqual([
    'Limited by --limit-rows: 5,000 of 179,571 training rows and 5,000 of 99,762 test rows.',
  ]);
  expect(of()).toEqual(['Limited by --limit-rows: 5,000 training rows and 5,000 test rows.']);
  expect(of(undefined, 6000)).toEqual([]);
  expect(of(config.rows)).toEqual([]);
  expect(limitNotes({ config }, undefined)).toEqual([]);
  expect(limitNotes({ config, wholeRows: { train: 9000 } }, undefined).map(({ message }) => message)).toEqual([
    'Limited by the suite: 5,000 of 9,000 training rows.',
  ]);
  expect(limitNotes({ config: {}, wholeRows: { train: 9000 } }, undefined)).toEqual([]);
  expect(limitNotes({ config: {} }, 5000).map(({ message }) => message)).toEqual([
    'Limited by --limit-rows: at most 5,000 rows of a part.',
  ]);
});
