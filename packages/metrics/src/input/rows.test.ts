import { expect, test } from 'vitest';
import { readRows } from './rows.ts';

const rules = { where: 'test', label: 'binary', prediction: 'probability' } as const;
const classRules = { where: 'test', label: 'class', prediction: 'probability' } as const;

test('copies, fills in weights, and leaves masked rows out of every column', () => {
  const rows = readRows({ ...rules, grouped: true }, Uint8Array.of(1, 9, 0), [0.5, NaN, 1], {
    mask: [true, false, true],
    weights: [2, -1, 3],
    groups: ['a', NaN, 7],
  });
  expect(rows).toEqual({
    count: 2,
    width: 1,
    labels: Float64Array.of(1, 0),
    predictions: Float64Array.of(0.5, 1),
    weights: Float64Array.of(2, 3),
    groups: ['a', 7],
    kept: Uint32Array.of(0, 2),
  });
  expect(readRows(rules, [1, 0], [0, 1]).weights).toEqual(Float64Array.of(1, 1));
});

test('cuts class probabilities into rows', () => {
  const rows = readRows(classRules, [2, NaN, 0], [0, 0.25, 0.75, NaN, NaN, NaN, 1, 0, 0], { mask: [1, 0, 1] });
  expect([rows.count, rows.width, ...rows.predictions]).toEqual([2, 3, 0, 0.25, 0.75, 1, 0, 0]);
});

test('takes the rounding of float32 kernels for what it is, and no more', () => {
  expect([...readRows(rules, [0, 1], [1 + 1e-7, -1e-7]).predictions]).toEqual([1, 0]);
  expect(() => readRows(rules, [0, 1], [0.5, 1.00001])).toThrow(
    'probabilities[1] = 1.00001; expected a probability in [0, 1]',
  );
  expect(() => readRows(rules, [0, 1], [0.5, -0.00001])).toThrow('probabilities[1] = -0.00001; expected a probability');
});

test('names the place in the array that was passed, whatever the mask', () => {
  expect(() => readRows(rules, [0, 5, 0, 2], [0, 0, 0, 0], { mask: [1, 0, 1, 1] })).toThrow('labels[3] = 2');
  const probabilities = [0, 0, 0, 1, 0, 0, 0, 7, 0];
  expect(() => readRows(classRules, [0, 0, 0], probabilities, { mask: [0, 1, 1] })).toThrow('probabilities[7] = 7');
  expect(() => readRows(classRules, [0, 3, 0], probabilities, { mask: [0, 1, 1] })).toThrow(
    'labels[1] = 3; expected a class index from 0 to 2',
  );
});

test.each<[string, () => unknown, string]>([
  ['text that looks like a number', () => readRows(rules, ['1'] as never, [0.5]), 'labels[0] = "1"'],
  ['booleans', () => readRows(rules, [true] as never, [0.5]), 'labels[0] = true'],
  ['holes', () => readRows(rules, [1], new Array<number>(1)), 'probabilities[0] = undefined'],
  [
    'a DataView',
    () => readRows(rules, new DataView(new ArrayBuffer(8)) as never, [0.5]),
    'DataView of length undefined for labels',
  ],
  ['a number for weights', () => readRows(rules, [1], [0.5], { weights: 2 as never }), '2 for weights'],
  [
    'a single class',
    () => readRows(classRules, [0, 0], [1, 1]),
    '2 probabilities for 2 labels; expected rows × classes',
  ],
  ['a broken matrix', () => readRows(classRules, [0, 0], [1, 0, 1, 0, 1]), '5 probabilities for 2 labels'],
  ['predictions without labels', () => readRows(classRules, [], [1, 0]), '2 probabilities for 0 labels'],
  ['half a class', () => readRows(classRules, [0.5], [1, 0]), 'labels[0] = 0.5; expected a class index from 0 to 1'],
])('refuses %s', (_, call, received) => {
  expect(call).toThrow(`test: got ${received}`);
});
