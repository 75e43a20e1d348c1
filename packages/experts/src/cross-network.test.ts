import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { crossNetwork, type CrossNetworkOptions } from './cross-network.ts';

const { affine, each, sigmoid } = plain;

describe('crossNetwork', () => {
  it('is x ⊙ (x W + b) + x, by hand', () => {
    const bank = tinyBank(crossNetwork({ layers: 1 }), { members: ['a.0'], inputDim: 2 });
    bank.write('e.0.kernel', [
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    bank.write('e.0.bias', [[[10, 20]]]);
    expect(bank.run([[[2, 5]]])).toEqual([[[2 * (17 + 10) + 2, 5 * (24 + 20) + 5]]]);
  });

  it.each<[string, CrossNetworkOptions, number]>([
    ['full', {}, 2],
    ['of rank 2', { layers: 3, rank: 2 }, 3],
    ['gated', { gated: true }, 2],
    ['gated, of rank 2', { gated: true, rank: 2 }, 2],
  ])('agrees with plain loops: %s', (_, config, layers) => {
    const bank = tinyBank(crossNetwork(config));
    const inputs = [tinyRows(6, 3, 'a'), tinyRows(6, 3, 'b'), tinyRows(6, 3, 'c')];
    const of = (name: string, member: number) => (bank.read(`e.${name}`) as number[][][])[member]!;
    const expected = inputs.map((x0, m) => {
      let x = x0;
      for (let l = 0; l < layers; l++) {
        const square = (path: string) =>
          config.rank === undefined
            ? affine(x, of(`${path}.kernel`, m))
            : affine(affine(x, of(`${path}.down`, m)), of(`${path}.up`, m));
        const crossed = square(`${l}`);
        const gate = config.gated ? each(square(`${l}.gate`), sigmoid) : undefined;
        x = x.map((row, r) =>
          row.map(
            (value, i) =>
              x0[r]![i]! * (crossed[r]![i]! + of(`${l}.bias`, m)[0]![i]!) * (gate ? gate[r]![i]! : 1) + value,
          ),
        );
      }
      return x;
    });
    expectClose(bank.run(inputs), expected);
  });

  it.each([1, 2, 3])('of %i layers is a polynomial of one degree more, no less', (layers) => {
    const bank = tinyBank(crossNetwork({ layers }), { members: ['a.0'] });
    const [x] = tinyRows(1, 3);
    const values = Array.from({ length: layers + 3 }, (_, t) => bank.run([[x!.map((value) => value * t)]])[0]![0]![0]!);
    const differences = (list: number[]) => list.slice(1).map((value, i) => value - list[i]!);
    let list = values;
    for (let order = 0; order <= layers; order++) list = differences(list);
    expect(Math.abs(list[0]!)).toBeGreaterThan(1e-2); // of order layers + 1
    expect(Math.abs(differences(list)[0]!)).toBeLessThan(1e-4 * Math.max(...values.map(Math.abs)));
  });

  it.each<[unknown, string]>([
    [{ layers: 0 }, 'for cross-network.layers, received 0.'],
    [{ rank: 1.5 }, 'for cross-network.rank, received 1.5.'],
    [{ gated: 1 }, 'for cross-network.gated, received 1.'],
    [{ layer: 2 }, 'Did you mean "layers"?'],
  ])('refuses %j', (config, message) => {
    expect(() => crossNetwork(config as CrossNetworkOptions)).toThrow(message);
  });
});
