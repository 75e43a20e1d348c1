import { expect, it } from 'vitest';
import { chunksOf, joinBytes } from './bytes.ts';

const arrays = [Uint8Array.of(1, 2, 3), new Float32Array(), Int32Array.of(4, 5).subarray(1), Uint8Array.of(6)];
const bytes = [1, 2, 3, 5, 0, 0, 0, 6];

it('joins the bytes of arrays, also of a part of a buffer and of none', () => {
  expect([...joinBytes(arrays)]).toEqual(bytes);
  expect(joinBytes([])).toHaveLength(0);
});

it('divides them into chunks of one size, whatever the arrays', () => {
  for (const size of [1, 2, 3, 4, 8, 9]) {
    const chunks = [...chunksOf(arrays, size)];
    expect(chunks.flatMap((chunk) => [...chunk])).toEqual(bytes);
    expect(chunks.slice(0, -1).every(({ length }) => length === size)).toBe(true);
    expect(chunks).toHaveLength(Math.ceil(bytes.length / size));
  }
});

it('gives copies', () => {
  const array = Uint8Array.of(1, 2, 3);
  const [first] = chunksOf([array], 2);
  array.fill(9);
  expect([...first!]).toEqual([1, 2]);
});
