import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { maskNet, type MaskNetOptions } from './mask-net.ts';

const { affine, each } = plain;

/** Layer normalization without γ and β, which start at 1 and 0. */
const normalized = (x: number[][]) =>
  x.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    return row.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
  });
const relu = (x: number[][]) => each(x, (value) => Math.max(0, value));

describe('maskNet', () => {
  it('masks what each block reads by the input, in plain loops', () => {
    const units = [5, 4];
    const bank = tinyBank(maskNet({ units, ratio: 1.5 }));
    const inputs = ['a', 'b', 'c'].map((name) => tinyRows(6, 3, name));
    const of = (name: string, m: number) => (bank.read(`e.${name}`) as number[][][])[m]!;
    const layer = (x: number[][], path: string, m: number) =>
      affine(x, of(`${path}.kernel`, m), of(`${path}.bias`, m)[0]);
    const expected = inputs.map((x, m) =>
      units.reduce((h, _, l) => {
        const mask = layer(relu(layer(x, `${l}.aggregate`, m)), `${l}.mask`, m);
        const masked = h.map((row, r) => row.map((value, i) => value * mask[r]![i]!));
        return relu(normalized(affine(masked, of(`${l}.kernel`, m))));
      }, normalized(x)),
    );
    expectClose(bank.run(inputs), expected, 4);
    expect(of('1.aggregate.kernel', 0)[0]).toHaveLength(8); // 1.5 times the width 5
  });

  it.each<[unknown, string]>([
    [{ units: [] }, 'for mask-net.units'],
    [{ units: [4], ratio: 0 }, 'Expected a number above 0 for mask-net.ratio, received 0.'],
    [{ units: [4], ration: 2 }, 'Did you mean "ratio"?'],
  ])('refuses %j', (config, message) => {
    expect(() => maskNet(config as MaskNetOptions)).toThrow(message);
  });
});
