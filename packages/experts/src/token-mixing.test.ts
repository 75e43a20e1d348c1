import * as tf from '@tensorflow/tfjs-core';
import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { tokenMixing, type TokenMixingOptions } from './token-mixing.ts';

const [TOKENS, UNITS, HIDDEN] = [2, 4, 3];

const normalized = (row: number[]) => {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
};
const plus = (a: number[], b: number[]) => a.map((value, i) => value + b[i]!);
const gelu = (z: number) => (z * (1 + tf.erf(z / Math.SQRT2).dataSync()[0]!)) / 2;

describe('tokenMixing', () => {
  it('is eq. 1 to 7 in plain loops', () => {
    const bank = tinyBank(tokenMixing({ tokens: TOKENS, units: UNITS, hidden: HIDDEN }), { inputDim: 6 });
    const inputs = ['a', 'b', 'c'].map((name) => tinyRows(5, 6, name));
    const expected = inputs.map((x, m) => {
      const ofToken = (h: number[], path: string, t: number) => {
        const kernel = (bank.read(`e.${path}.kernel`) as number[][][][])[m]![t]!;
        const to = kernel[0]!.length;
        const bias = (bank.read(`e.${path}.bias`) as number[][][])[m]![0]!.slice(t * to, (t + 1) * to);
        return plain.affine([h], kernel, bias)[0]!;
      };
      return x.map((row) => {
        let h = [row.slice(0, 3), row.slice(3)].map((part, t) => ofToken(part, 'project', t));
        for (const block of ['0', '1']) {
          const [one, two] = h as [number[], number[]];
          const mixed = [
            [one[0]!, one[1]!, two[0]!, two[1]!],
            [one[2]!, one[3]!, two[2]!, two[3]!],
          ];
          const s = mixed.map((token, t) => normalized(plus(token, h[t]!)));
          h = s.map((token, t) =>
            normalized(plus(ofToken(ofToken(token, `${block}.up`, t).map(gelu), `${block}.down`, t), token)),
          );
        }
        return h[0]!.map((value, i) => (value + h[1]![i]!) / 2);
      });
    });
    expectClose(bank.run(inputs), expected, 4);
  });

  it('says what does not divide', () => {
    const build = (units: number, inputDim: number) => () => tinyBank(tokenMixing({ tokens: 2, units }), { inputDim });
    expect(build(4, 5)).toThrow(
      'Expected a width of each input that 2 tokens divide evenly, for token-mixing, received 5.',
    );
    expect(build(3, 6)).toThrow(
      'Expected a width of each token that 2 tokens divide evenly, for token-mixing, received 3.',
    );
  });

  it.each<[unknown, string]>([
    [{ tokens: 2 }, 'for token-mixing.units, received nothing.'],
    [{ tokens: 2, units: 4, block: 2 }, 'Did you mean "blocks"?'],
  ])('refuses %j', (config, message) => {
    expect(() => tokenMixing(config as TokenMixingOptions)).toThrow(message);
  });
});
