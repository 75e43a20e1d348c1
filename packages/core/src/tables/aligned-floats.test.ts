import { expect, it } from 'vitest';
import { alignedFloats } from './aligned-floats.ts';

it.each([0, 1, 2 ** 18 - 1, 2 ** 18, 2 ** 18 + 1])('has %i zeros that can be written', (size) => {
  const array = alignedFloats(size);
  expect(array).toBeInstanceOf(Float32Array);
  expect(array).toHaveLength(size);
  expect(array.every((value) => value === 0)).toBe(true);
  expect(array.fill(0.5).subarray(-1)).toEqual(new Float32Array(Math.min(size, 1)).fill(0.5));
});

it('gives each large array a memory of its own, from its first byte, and a small one an ordinary one', () => {
  const [a, b] = [alignedFloats(2 ** 18), alignedFloats(2 ** 18)];
  expect(a.buffer).not.toBe(b.buffer);
  expect(a.byteOffset).toBe(0);
  expect(a.buffer.byteLength).toBe(2 ** 20);
  expect(alignedFloats(16).buffer.byteLength).toBe(64);
});
