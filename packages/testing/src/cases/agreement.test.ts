import { describe, expect, it } from 'vitest';
import { areSame, expectAgreement, expectClose, expectFinite } from './agreement.ts';
import { ConformanceError } from './case.ts';

const TEXT = ['the same', 'Mend it.'] as const;

it.each<[Record<string, number[]>, Record<string, number[]>, number, string]>([
  [{ a: [1] }, { a: [1], b: [2] }, 0, 'Expected the same of a, b, saw those of a. Mend it.'],
  [{ a: [1], b: [2] }, { a: [1] }, 0, 'Expected the same of a, saw those of a, b.'],
  [{ a: [1] }, { a: [1, 2] }, 0, 'Expected the same: 2 numbers of a, saw 1.'],
  [{ a: [1, 2.5] }, { a: [1, 2] }, 0.1, 'Expected the same: a[1] = 2, saw 2.5.'],
  [{ a: [NaN] }, { a: [1] }, 0.1, 'saw NaN'],
  [{ a: [1 + Number.EPSILON] }, { a: [1] }, 0, 'a[0] = 1'],
])('refuses %j for %j', (seen, expected, tolerance, message) => {
  expect(() => expectAgreement(seen, expected, tolerance, ...TEXT)).toThrow(message);
});

it('lets pass what is within the tolerance of the largest number of a name, or a twentieth of the largest of all', () => {
  expect(() => expectAgreement({ a: [100, 1.09] }, { a: [100, 1] }, 1e-3, ...TEXT)).not.toThrow();
  expect(() => expectAgreement({ a: [100], b: [0.004] }, { a: [100], b: [0] }, 1e-3, ...TEXT)).not.toThrow();
  expect(() => expectAgreement({ a: [100], b: [0.006] }, { a: [100], b: [0] }, 1e-3, ...TEXT)).toThrow('b[0] = 0');
});

it('tells what is the same bit for bit, and what is finite', () => {
  expect([
    areSame({ a: [NaN, 1] }, { a: [NaN, 1] }),
    areSame({ a: [0] }, { a: [-0] }),
    areSame({ a: [1] }, {}),
  ]).toEqual([true, false, false]);
  expect(() => expectFinite({ x: [0, Infinity] })).toThrow(
    'Expected finite numbers in x, saw Infinity at 1. Guard divisions',
  );
});

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
