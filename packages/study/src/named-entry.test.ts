import { expect, test } from 'vitest';
import { findEntry } from './named-entry.ts';

const rows = [
  { name: 'shared-bottom', description: '' },
  { name: 'ml-mmoe', also: ['mmoe-multi-level'], description: '' },
];

test('a row is found by its name and by those that it is also known by, in any spelling', () => {
  expect(findEntry(rows, 'shared-bottom', 'model')).toBe(rows[0]);
  expect(findEntry(rows, 'mmoe-multi-level', 'model')).toBe(rows[1]);
  expect(findEntry(rows, 'ML_MMoE', 'model')).toBe(rows[1]);
});

test('an unknown name gets the nearest one and all the others', () => {
  expect(() => findEntry(rows, 'shared-botom', 'model')).toThrow(
    'Expected a known model, received "shared-botom". Did you mean "shared-bottom"? Known: shared-bottom, ml-mmoe.',
  );
  expect(() => findEntry(rows, 'transformer', 'model')).toThrow('Known: "shared-bottom", "ml-mmoe".');
});
