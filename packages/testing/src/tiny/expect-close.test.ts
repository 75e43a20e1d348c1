import { describe, expect, it } from 'vitest';
import { ConformanceError } from '../cases/conformance-error.ts';
import { expectClose } from './expect-close.ts';

describe('expectClose', () => {
  it('passes what is nested alike and equal to half of the last digit', () => {
    expectClose({ a: [1, [2]], b: Float32Array.of(0.5) }, { a: [1.0000049, [2]], b: [0.5] });
    expectClose([Infinity, 1.04], [Infinity, 1], 1);
    expectClose(3, 3);
  });

  it.each<[unknown, unknown, string]>([
    [
      { a: [1, 2] },
      { a: [1, 2.00001] },
      'Expected 2.00001 at a[1], to 5 digits, saw 2. Compare the two at that place.',
    ],
    [[[NaN]], [[1]], 'Expected 1 at [0][0], to 5 digits, saw NaN'],
    [[1], [1, 2], 'Expected a number at [1], saw none'],
    [[1, 2], [1], 'Expected 1 numbers, saw 2'],
    [[[1], [2]], [[1, 2]], 'Expected a number at [0][1], saw one at [1][0]'],
    [{ b: 1 }, { a: 1 }, 'Expected a number at a, saw one at b'],
    [undefined, [1], 'Expected a number at [0], saw none'],
  ])('refuses %j for %j', (got, wanted, message) => {
    expect(() => expectClose(got, wanted)).toThrow(message);
    expect(() => expectClose(got, wanted)).toThrow(ConformanceError);
  });
});
