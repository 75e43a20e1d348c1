import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import { friedmanTest } from './friedman-test.ts';

test.each(['friedman', 'friedmanTies'] as const)('%s: as SciPy has it', (name) => {
  const { values, averageRanks, ...numbers } = scipyValues[name];
  const found = friedmanTest(values, 'higher');
  found.averageRanks.forEach((rank, m) => expectClose(rank, averageRanks[m]!, 1e-14));
  for (const key of ['chiSquare', 'pValue', 'f', 'fPValue'] as const) expectClose(found[key], numbers[key], 1e-11);
  expectClose(found.criticalDifference, numbers.criticalDifference, 1e-9);
});

test('Demšar’s critical values: q / √2 = 2.343 for 3 models, 2.728 for 5, 3.164 for 10', () => {
  for (const [k, q] of [
    [2, 1.96],
    [3, 2.343],
    [5, 2.728],
    [10, 3.164],
  ] as const) {
    const block = Array.from({ length: k }, (_, m) => m);
    const found = friedmanTest([block], 'higher').criticalDifference / Math.sqrt((k * (k + 1)) / 6);
    expect(Math.abs(found - q)).toBeLessThan(0.001); // some of the table are cut, some rounded
  }
});

const blocks = fc
  .integer({ min: 2, max: 5 })
  .chain((k) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: k, maxLength: k }), { minLength: 2, maxLength: 8 }),
  );

test('the other direction turns the ranks; the order of blocks and the scale of each change nothing', () => {
  fc.assert(
    fc.property(blocks, (values) => {
      const [up, down] = [friedmanTest(values, 'higher'), friedmanTest(values, 'lower')];
      up.averageRanks.forEach((rank, m) =>
        expect(rank + down.averageRanks[m]!).toBeCloseTo(up.averageRanks.length + 1, 12),
      );
      const turned = friedmanTest(
        values.toReversed().map((block, b) => block.map((value) => (b + 1) * value + b)),
        'higher',
      );
      turned.averageRanks.forEach((rank, m) => expect(rank).toBeCloseTo(up.averageRanks[m]!, 12));
      if (!Number.isNaN(up.pValue)) expect(turned.pValue).toBeCloseTo(up.pValue, 10);
    }),
    { numRuns: repetitions(60) },
  );
});

test('the ends: all agree, all tied, undefined blocks, one block', () => {
  expect(
    friedmanTest(
      [
        [3, 2, 1],
        [3, 2, 1],
        [9, 5, 0],
      ],
      'higher',
    ),
  ).toMatchObject({ averageRanks: [1, 2, 3], chiSquare: 6, f: Infinity, fPValue: 0 });
  expect(
    friedmanTest(
      [
        [1, 1],
        [2, 2],
      ],
      'higher',
    ),
  ).toMatchObject({ averageRanks: [1.5, 1.5], chiSquare: NaN, pValue: NaN, fPValue: NaN });
  expect(
    friedmanTest(
      [
        [1, 2],
        [NaN, 2],
      ],
      'lower',
    ),
  ).toMatchObject({ averageRanks: [1, 2], blocks: 1, f: NaN, fPValue: NaN });
  expect(friedmanTest([[NaN, 2]], 'lower')).toMatchObject({
    averageRanks: [NaN, NaN],
    blocks: 0,
    criticalDifference: NaN,
  });
});

test.each<[() => unknown, string]>([
  [() => friedmanTest([], 'higher'), 'friedmanTest: got no blocks'],
  [() => friedmanTest([[1]], 'higher'), 'friedmanTest: got 1 values in block 0; expected two models or more'],
  [
    () =>
      friedmanTest(
        [
          [1, 2],
          [1, 2, 3],
        ],
        'higher',
      ),
    'friedmanTest: got 3 values in block 1; expected 2 as in block 0',
  ],
  [() => friedmanTest([[1, Infinity]], 'higher'), 'friedmanTest: got values[0][1] = Infinity'],
  [() => friedmanTest([1, 2] as never, 'higher'), 'friedmanTest: got 1 for values[0]'],
  [() => friedmanTest([[1, 2]], 'up' as never), 'friedmanTest: got direction = "up"'],
  [
    () => friedmanTest([[1, 2]], 'higher', { confidence: 2 }),
    'Expected a number in (0, 1) for friedmanTest.confidence, received 2.',
  ],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
