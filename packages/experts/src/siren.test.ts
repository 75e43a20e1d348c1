import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { siren, type SirenOptions } from './siren.ts';

const { affine, each } = plain;

describe('siren', () => {
  it('is sin(ω (h W + b)) in each layer, in plain loops', () => {
    const [units, omega] = [[5, 4], 3];
    const bank = tinyBank(siren({ units, omega }));
    const inputs = ['a', 'b', 'c'].map((name) => tinyRows(6, 3, name));
    const of = (name: string, m: number) => (bank.read(`e.${name}`) as number[][][])[m]!;
    const expected = inputs.map((x, m) =>
      units.reduce(
        (h, _, l) => each(affine(h, of(`${l}.kernel`, m), of(`${l}.bias`, m)[0]), (z) => Math.sin(omega * z)),
        x,
      ),
    );
    expectClose(bank.run(inputs), expected, 4);
  });

  it("has the paper's start: angles of layers after the first have a deviation of 1", () => {
    const bank = tinyBank(siren({ units: [256, 256], omega: 30 }), { members: ['a.0'], inputDim: 4 });
    const [first, second] = [0, 1].map((l) => (bank.read(`e.${l}.kernel`) as number[][][]).flat(2).map(Math.abs));
    expect(Math.max(...first!)).toBeLessThanOrEqual(1 / 4);
    expect(Math.max(...first!)).toBeGreaterThan(0.99 / 4);
    expect(Math.max(...second!)).toBeLessThanOrEqual(Math.sqrt(6 / 256) / 30);
    expect(Math.max(...second!)).toBeGreaterThan((0.99 * Math.sqrt(6 / 256)) / 30);
  });

  it.each<[unknown, string]>([
    [{ units: [] }, 'for siren.units'],
    [{ units: [4], omega: 0 }, 'Expected a number above 0 for siren.omega, received 0.'],
    [{ units: [4], omga: 3 }, 'Did you mean "omega"?'],
  ])('refuses %j', (config, message) => {
    expect(() => siren(config as SirenOptions)).toThrow(message);
  });
});
