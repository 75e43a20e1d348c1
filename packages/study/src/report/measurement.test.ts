import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialsOf } from '../testing/trial-of.ts';
import { measurement, valuesTable } from './measurement.ts';

test('the machines are those that ran the trials, not the one that writes the report', () => {
  const trials = trialsOf('single-task', { auc: [0.5, 0.6, 0.7] });
  const engineOf = (machines: readonly (string | undefined)[]) => {
    const ran = trials.map((trial, i) => ({ ...trial, ...(machines[i] !== undefined && { machine: machines[i] }) }));
    return measurement(summarize(ran), ran).find((line) => line.startsWith('Engine'));
  };
  expect(engineOf(['2 × A', '2 × A', '2 × A'])).toBe('Engine: cpu; 2 × A.');
  expect(engineOf(['2 × A', '4 × B', '2 × A'])).toBe('Engine: cpu; 2 × A (2 trials); 4 × B (1 trial).');
  expect(engineOf([undefined, undefined, '4 × B'])).toBe(
    'Engine: cpu; a machine that was not recorded (2 trials); 4 × B (1 trial).',
  );
});

test('plain data is a table of names and values', () => {
  const { rows } = valuesTable({ set: 'toy', rows: { train: 5, test: 2 }, tasks: ['a', 'b'], none: {}, file: null });
  expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['set', 'toy'],
    ['rows.train', '5'],
    ['rows.test', '2'],
    ['tasks', 'a, b'],
    ['none', '{}'],
    ['file', 'null'],
  ]);
});
