import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gateStatistics } from './gate-statistics.ts';

test('by hand: one decided unit, one that spreads, over two rows', () => {
  // unit 0 takes expert 0, then expert 1; unit 1 takes ¾ and ¼ of experts 0 and 1 both times. Expert 2 is never used.
  const weights = [1, 0, 0, 0.75, 0.25, 0, /* row 2 */ 0, 1, 0, 0.75, 0.25, 0];
  const { rows, units, overall, sparsity } = gateStatistics({ units: 2, experts: 3 }).update(weights).compute();
  const [decided, spread] = units;
  const mixed = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
  expect(rows).toBe(2);
  expect(decided).toMatchObject({
    mean: [0.5, 0.5, 0],
    deviation: [0.5, 0.5, 0],
    shares: [0.5, 0.5, 0],
    entropy: 0,
    silent: 0,
  });
  expect(decided!.effectiveExperts).toBeCloseTo(2, 14);
  expect(decided!.variation).toBeCloseTo(Math.sqrt((2 / 36 + 1 / 9) / 3) * 3, 14);
  expect(spread).toMatchObject({ mean: [0.75, 0.25, 0], deviation: [0, 0, 0] });
  expect(spread!.entropy).toBeCloseTo(mixed, 14);
  expect(spread!.effectiveExperts).toBeCloseTo(Math.exp(mixed), 14);
  expect(overall.shares).toEqual([0.625, 0.375, 0]);
  expect(overall.effectiveExperts).toBeCloseTo(Math.exp(-(0.625 * Math.log(0.625) + 0.375 * Math.log(0.375))), 14);
  expect(sparsity).toBe(6 / 12);
});

test('weights that needn’t add up, and negative ones, count by their size', () => {
  const { units } = gateStatistics({ units: 1, experts: 2 }).update([3, -1]).compute();
  expect(units[0]).toMatchObject({ mean: [3, -1], shares: [0.75, 0.25] });
});

test('a constant far from 0 has no spread, however often it is added', () => {
  const value = 1e8 + 0.1;
  const gate = gateStatistics({ units: 1, experts: 1 }).update([value, value, value]).update([value]);
  expect(gate.compute().units[0]).toMatchObject({ mean: [value], deviation: [0] });
});

test('entropy of even shares is the log of their number', () => {
  const [even, one] = [
    [0.25, 0.25, 0.25, 0.25],
    [0, 1, 0, 0],
  ].map((weights) => gateStatistics({ units: 1, experts: 4 }).update(weights).compute());
  expect(even!.units[0]!.entropy).toBeCloseTo(Math.log(4), 15);
  expect(one!.units[0]!.entropy).toBe(0);
});

test('what a unit can’t see is no unused expert and no zero', () => {
  const weights = [0.5, 0.5, 0, 0, 0, 1];
  const all = gateStatistics({ units: 2, experts: 3 }).update(weights).compute();
  const seen = gateStatistics({ units: 2, experts: 3, sees: [1, 1, 0, 0, 1, 1] })
    .update(weights)
    .compute();
  expect(all.units[0]!.variation).toBeCloseTo(Math.SQRT1_2, 14);
  expect(seen.units[0]!.variation).toBe(0);
  expect(all.sparsity).toBe(3 / 6);
  expect(seen.sparsity).toBe(1 / 4);
  expect(seen.units[1]!.variation).toBe(1);
});

test('a row without any weight is silent, and counts in no share', () => {
  const { units } = gateStatistics({ units: 1, experts: 2 }).update([0, 0, 1, 0]).compute();
  expect(units[0]).toMatchObject({ silent: 0.5, shares: [1, 0], entropy: 0, mean: [0.5, 0] });
  const mute = gateStatistics({ units: 2, experts: 2 }).update([0, 0, 0, 1]).compute();
  expect(mute.units[0]).toMatchObject({ silent: 1, shares: [NaN, NaN], effectiveExperts: NaN, entropy: NaN });
  expect(mute.overall).toMatchObject({ shares: [0, 1], effectiveExperts: 1 });
});

const gateRows = fc.array(fc.array(fc.integer({ min: -2, max: 4 }), { minLength: 6, maxLength: 6 }), {
  minLength: 1,
  maxLength: 12,
});
const numbersOf = (value: object): number[] =>
  JSON.stringify(value, (_, x: unknown) => (Number.isNaN(x) ? -99 : x))
    .match(/-?\d[\d.e+-]*/g)!
    .map(Number);

test('batches and their order change nothing', () => {
  fc.assert(
    fc.property(gateRows, (rows) => {
      const whole = numbersOf(gateStatistics({ units: 2, experts: 3 }).update(rows.flat()).compute());
      const turned = rows
        .toReversed()
        .reduce((gate, row) => gate.update(row), gateStatistics({ units: 2, experts: 3 }));
      numbersOf(turned.compute()).forEach((value, i) => expect(value).toBeCloseTo(whole[i]!, 10));
    }),
    { numRuns: 60 },
  );
});

test('0 <= entropy <= log effectiveExperts <= log experts, for every unit', () => {
  fc.assert(
    fc.property(gateRows, (rows) => {
      for (const unit of gateStatistics({ units: 2, experts: 3 }).update(rows.flat()).compute().units) {
        if (Number.isNaN(unit.entropy)) continue;
        expect(unit.entropy).toBeGreaterThanOrEqual(0);
        expect(unit.entropy).toBeLessThanOrEqual(Math.log(unit.effectiveExperts) + 1e-12);
        expect(unit.effectiveExperts).toBeLessThanOrEqual(3 + 1e-12);
      }
    }),
  );
});

test('no rows: undefined; a refused update changes nothing', () => {
  const gate = gateStatistics({ units: 1, experts: 2 });
  expect(gate.compute()).toMatchObject({
    rows: 0,
    sparsity: NaN,
    units: [{ mean: [NaN, NaN], entropy: NaN, silent: NaN }],
  });
  const before = gate.update([0.25, 0.75]).compute();
  expect(() => gate.update([0.5, 0.5, 1, NaN])).toThrow(
    'gateStatistics: got weights[3] = NaN; expected a finite number',
  );
  expect(gate.compute()).toEqual(before);
});

test.each<[() => unknown, string]>([
  [() => gateStatistics({ units: 0, experts: 2 }), 'gateStatistics: got units = 0'],
  [() => gateStatistics({ units: 1, experts: 1.5 }), 'gateStatistics: got experts = 1.5'],
  [
    () => gateStatistics({ units: 2, experts: 2, sees: [1, 0] }),
    'gateStatistics: got 2 entries of sees; expected units × experts = 4',
  ],
  [
    () => gateStatistics({ units: 2, experts: 2 }).update([1, 2, 3]),
    'gateStatistics: got 3 weights; expected rows × 2 units × 2 experts',
  ],
  [
    () => gateStatistics({ units: 1, experts: 2, sees: [1, 0] }).update([0.5, 0.5]),
    'gateStatistics: got weights[1] = 0.5; expected 0 where the unit sees nothing',
  ],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
