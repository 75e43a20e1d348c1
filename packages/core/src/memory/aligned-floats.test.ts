import { afterEach, expect, it, vi } from 'vitest';
import { alignedFloats } from './aligned-floats.ts';

afterEach(() => void vi.unstubAllEnvs());

it('is an ordinary array, on a cache line, where glibc puts those into huge pages', () => {
  vi.stubEnv('GLIBC_TUNABLES', 'glibc.malloc.check=3:glibc.malloc.hugetlb=1');
  const array = alignedFloats(2 ** 18);
  expect(array).toHaveLength(2 ** 18);
  expect([array.byteOffset, array.buffer.byteLength]).toEqual([48, 2 ** 20 + 48]); // 16 more is a line of 64 bytes
  expect(alignedFloats(16).byteOffset).toBe(0);
  vi.stubEnv('GLIBC_TUNABLES', 'glibc.malloc.hugetlb=0');
  expect(alignedFloats(2 ** 18).byteOffset).toBe(0);
});

it.each([0, 1, 2 ** 18 - 1, 2 ** 18, 2 ** 18 + 1])('has %i zeros that can be written', (size) => {
  const array = alignedFloats(size);
  expect(array).toBeInstanceOf(Float32Array);
  expect(array).toHaveLength(size);
  expect(array.every((value) => value === 0)).toBe(true);
  expect(array.fill(0.5).subarray(-1)).toEqual(new Float32Array(Math.min(size, 1)).fill(0.5));
});

it('gives each large array a memory of its own, from its first byte, and a small one an ordinary one', () => {
  vi.stubEnv('GLIBC_TUNABLES', '');
  const [a, b] = [alignedFloats(2 ** 18), alignedFloats(2 ** 18)];
  expect(a.buffer).not.toBe(b.buffer);
  expect(a.byteOffset).toBe(0);
  expect(a.buffer.byteLength).toBe(2 ** 20);
  expect(alignedFloats(16).buffer.byteLength).toBe(64);
});
