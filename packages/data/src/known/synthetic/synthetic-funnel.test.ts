import { labelsOf, rowEncoder } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { FUNNEL, SCENARIOS, syntheticFunnel, type FunnelOptions } from './synthetic-funnel.ts';

const ROWS = 20_000;
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const sample = (options: FunnelOptions, late = false) => {
  const rows = syntheticFunnel({ seed: 3, ...options }).sample(ROWS, 1, late);
  const [click, cart, buy] = FUNNEL.map((step) => labelsOf(rows.table.arrays, step).labels);
  return { ...rows, click: click!, cart: cart!, buy: buy! };
};
const clickedOf = ({ click }: { click: Float32Array }) => [...click.keys()].filter((row) => click[row] === 1);

describe('syntheticFunnel', () => {
  it('lets no step happen without the one before, and labels clicked rows as drawn', () => {
    const { click, cart, buy, drawn } = sample({});
    expect(cart.every((yes, row) => yes <= click[row]!) && buy.every((yes, row) => yes <= cart[row]!)).toBe(true);
    expect(buy.every((yes, row) => yes === click[row]! * drawn[row]!)).toBe(true);
    expect(mean(click)).toBeGreaterThan(0.1);
  });

  it.each([0, 1])('has the rates that rows are drawn from, with a hidden reason of weight %d', (hidden) => {
    const { rates, drawn } = sample({ hidden });
    for (const [low, high] of [
      [0, 0.1],
      [0.1, 0.4],
      [0.4, 1],
    ] as const) {
      const rows = [...rates.keys()].filter((row) => rates[row]! >= low && rates[row]! < high);
      const expected = mean(rows.map((row) => rates[row]!));
      const error = Math.sqrt((expected * (1 - expected)) / rows.length);
      expect(Math.abs(mean(rows.map((row) => drawn[row]!)) - expected)).toBeLessThan(4 * error + 0.01 * hidden);
    }
  });

  it('selects: clicked rows buy more than all rows by their features, and more than their features say if a reason is hidden', () => {
    const gaps = (options: FunnelOptions) => {
      const rows = sample(options);
      const clicked = clickedOf(rows);
      const rate = mean(clicked.map((row) => rows.rates[row]!));
      return { byFeatures: rate - mean(rows.rates), hidden: mean(clicked.map((row) => rows.drawn[row]!)) - rate };
    };
    expect(Math.abs(gaps({ selection: 0 }).byFeatures)).toBeLessThan(0.06);
    expect(gaps({ selection: 0.8 }).byFeatures).toBeGreaterThan(0.15);
    expect(Math.abs(gaps({}).hidden)).toBeLessThan(0.03);
    expect(gaps({ hidden: 1.5 }).hidden).toBeGreaterThan(0.05);
  });

  it('delays the asked share of the labels of buying in training rows, and nothing else', () => {
    const [now, late] = [sample({ delayed: 0.4 }), sample({ delayed: 0.4 }, true)];
    expect(late.cart).toEqual(now.cart);
    expect(mean(late.buy) / mean(now.buy)).toBeCloseTo(0.6, 1);
  });

  it('encodes the scenario as rows are encoded, and repeats by seed', () => {
    const { schema, sample: rowsOf } = syntheticFunnel({});
    const { ids } = rowEncoder(schema)(SCENARIOS.map((scenario) => ({ x: Array<number>(16).fill(0), scenario })));
    const { table, scenarios } = rowsOf(50, 1);
    expect([...table.arrays.ids]).toEqual(Array.from(scenarios, (scenario) => ids[scenario]));
    expect(rowsOf(50, 1).rates).toEqual(rowsOf(50, 1).rates);
    expect(rowsOf(50, 1).rates).not.toEqual(rowsOf(50, 2).rates);
  });

  it('refuses options out of range', () => {
    expect(() => syntheticFunnel({ selection: 2 })).toThrow(
      'a number in [0, 1] for syntheticFunnel.selection, received 2',
    );
    expect(() => syntheticFunnel({ hiden: 1 } as FunnelOptions)).toThrow('Did you mean "hidden"?');
  });
});
