import { expect, test } from 'vitest';
import { findRow } from './named-row.ts';

const rows = [
  { name: 'shared-bottom', description: '' },
  { name: 'ml-mmoe', alias: 'mmoe-multi-level', description: '' },
];

test('a row is found by its name and by its alias', () => {
  expect(findRow(rows, 'shared-bottom', 'model')).toBe(rows[0]);
  expect(findRow(rows, 'mmoe-multi-level', 'model')).toBe(rows[1]);
});

test('an unknown name gets the nearest one and all the others', () => {
  expect(() => findRow(rows, 'shared-botom', 'model')).toThrow(
    'Expected a known model, received "shared-botom". Did you mean "shared-bottom"? Known: shared-bottom, ml-mmoe.',
  );
  expect(() => findRow(rows, 'transformer', 'model')).toThrow('Known: "shared-bottom", "ml-mmoe".');
});
