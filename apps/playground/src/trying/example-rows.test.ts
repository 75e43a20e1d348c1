import { expect, it } from 'vitest';
import { examplesOf, onStep, rangeOf, rowOf } from './example-rows.ts';

it('gives whole numbers whole steps, and others steps of 1, 2 or 5', () => {
  expect(rangeOf([17, 80, 41])).toEqual({ least: 17, most: 80, step: 1 });
  expect(rangeOf([0, 99_999])).toEqual({ least: 0, most: 100_000, step: 1000 });
  expect(rangeOf([-1.27, 2.31])).toEqual({ least: -1.3, most: 2.35, step: 0.05 });
  expect(rangeOf([0.5, 0.5]).most).toBeGreaterThan(0.5);
  expect(onStep(0.1 + 0.2, 0.05)).toBe(0.3);
});

it('has all values of the rows that it keeps, frequent texts first, and no control for a column without values', () => {
  const texts = ['b', 'a', 'a', null];
  const { controls, rows } = examplesOf([
    { name: 'age', kind: 'number', values: [20, null, 40, 30] },
    { name: 'empty', kind: 'text', values: [null, null, null, null] },
    { name: 'state', kind: 'text', values: texts },
  ]);
  expect(controls).toEqual([
    { kind: 'number', name: 'age', least: 20, most: 40, step: 1 },
    { kind: 'text', name: 'state', choices: ['a', 'b'] },
  ]);
  expect(rows).toEqual([
    [20, 'b'],
    [null, 'a'],
    [40, 'a'],
    [30, null],
  ]);
});

it('has every text of a kept row among the choices, however rare', () => {
  const values = Array.from({ length: 1000 }, (_, row) => `text ${row}`);
  const { controls, rows } = examplesOf([{ name: 'id', kind: 'text', values }]);
  const [control] = controls;
  for (const [text] of rows) expect(control).toHaveProperty('choices', expect.arrayContaining([text]));
});

it('puts the entries of a vector together again', () => {
  const number = { kind: 'number', least: 0, most: 1, step: 0.1 } as const;
  const controls = [
    { ...number, name: 'x[0]' },
    { ...number, name: 'x[1]' },
    { ...number, name: 'age' },
  ];
  expect(rowOf(controls, [0.1, 0.2, 0.3])).toEqual({ x: [0.1, 0.2], age: 0.3 });
});
