import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { gatedExpert, type GatedExpertOptions } from './gated-expert.ts';

const { affine, each, sigmoid } = plain;

describe('gatedExpert', () => {
  it('is the value times the sigmoid of the gate, by hand', () => {
    const bank = tinyBank(gatedExpert({ units: 1 }), { members: ['a.0'], inputDim: 1 });
    bank.write('e.value.kernel', [3]);
    bank.write('e.value.bias', [1]);
    bank.write('e.gate.kernel', [0]);
    bank.write('e.gate.bias', [Math.log(3)]); // σ = 3/4
    expect(bank.run([[[5]]])[0]![0]![0]).toBeCloseTo(12, 4);
  });

  it.each<[GatedExpertOptions['activation'], (z: number) => number]>([
    ['sigmoid', sigmoid],
    ['swish', (z) => z * sigmoid(z)],
    ['relu', (z) => Math.max(0, z)],
  ])('agrees with plain loops, with and without a layer after it: %s', (activation, act) => {
    const inputs = [tinyRows(6, 3, 'a'), tinyRows(6, 3, 'b'), tinyRows(6, 3, 'c')];
    for (const hidden of [undefined, 5]) {
      const bank = tinyBank(gatedExpert({ units: 4, activation: activation!, ...(hidden && { hidden }) }));
      const layer = (x: number[][], path: string, m: number) =>
        affine(
          x,
          (bank.read(`e.${path}.kernel`) as number[][][])[m]!,
          (bank.read(`e.${path}.bias`) as number[][][])[m]![0]!,
        );
      const expected = inputs.map((x, m) => {
        const gate = each(layer(x, 'gate', m), act);
        const gated = layer(x, 'value', m).map((row, r) => row.map((value, c) => value * gate[r]![c]!));
        return hidden ? layer(gated, 'out', m) : gated;
      });
      expectClose(bank.run(inputs), expected);
    }
  });

  it.each<[unknown, string]>([
    [{ units: 0 }, 'for gated.units, received 0.'],
    [{ units: 4, activation: 'swich' }, 'Did you mean "swish"?'],
    [{ units: 4, hiden: 3 }, 'Did you mean "hidden"?'],
  ])('refuses %j', (config, message) => {
    expect(() => gatedExpert(config as GatedExpertOptions)).toThrow(message);
  });
});
