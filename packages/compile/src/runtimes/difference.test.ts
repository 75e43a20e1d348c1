import { expect, it } from 'vitest';
import { tensorDifference } from './runtime.ts';

const real = (...data: number[]) => ({ type: 'float32' as const, shape: [data.length], data: Float32Array.from(data) });
const whole = (...data: number[]) => ({ type: 'int32' as const, shape: [data.length], data: Int32Array.from(data) });
const strict = { dtypes: true, tolerance: 1e-5 };

it('finds numbers, types, shapes and counts that differ', () => {
  expect(tensorDifference([real(1, 100)], [real(1.0005, 100)], strict)).toBeUndefined(); // relative to the largest
  expect(tensorDifference([real(1, 1)], [real(1.0005, 1)], strict)).toContain('tensor 0: expected 1.000');
  expect(tensorDifference([real(NaN, Infinity)], [real(NaN, Infinity)], strict)).toBeUndefined();
  expect(tensorDifference([real(0)], [real(NaN)], strict)).toContain('expected NaN at 0, received 0');
  expect(tensorDifference([real(NaN)], [real(0)], strict)).toContain('expected 0 at 0, received NaN');
  expect(tensorDifference([whole(100_000)], [whole(100_001)], strict)).toContain('expected 100001');
  expect(tensorDifference([whole(1)], [real(1)], strict)).toBe('tensor 0: expected float32, received int32');
  expect(tensorDifference([whole(1)], [real(1)], { ...strict, dtypes: false })).toBeUndefined();
  expect(tensorDifference([real(1)], [real(1, 1)], strict)).toBe('tensor 0: expected shape [2], received [1]');
  expect(tensorDifference([], [real(1)], strict)).toBe('expected 1 tensors, received 0');
});
