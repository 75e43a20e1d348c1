import { expect, test } from 'vitest';
import { GroupIndex } from './group-index.ts';

test('numbers groups as they appear and gives the keys back, 1 and "1" apart', () => {
  const index = new GroupIndex();
  index.append(['b', 1, 'b']);
  index.append(['1', 1]);
  expect([...index.indices()]).toEqual([0, 1, 0, 2, 1]);
  expect(index.keys()).toEqual(['b', 1, 'b', '1', 1]);
  expect(index.size).toBe(3);
  index.clear();
  expect([index.size, index.keys()]).toEqual([0, []]);
});
