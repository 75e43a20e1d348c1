import { expectClose, plain, tinyLevel } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { dselectKGate, smoothStep, type DselectKGateOptions } from './dselect-k-gate.ts';

const { softmax } = plain;

/** The cubic of the paper between its ends. */
const step = (t: number, gamma: number) =>
  t <= -gamma / 2 ? 0 : t >= gamma / 2 ? 1 : (-2 / gamma ** 3) * t ** 3 + (3 / (2 * gamma)) * t + 0.5;

describe('smoothStep', () => {
  it.each([0.5, 1, 3])('is the cubic of the paper, exactly 0 and 1 at its ends: gamma = %f', (gamma) => {
    const at = [-2, -0.5, -0.49, -0.2, 0, 0.1, 0.4, 0.5, 1].map((u) => u * gamma);
    const got = [...smoothStep(tf.tensor1d(at), gamma).dataSync()];
    expectClose(
      got,
      at.map((t) => step(t, gamma)),
    );
    expect([got[0], got[1], got[7], got[8]]).toEqual([0, 0, 1, 1]);
  });
});

describe('dselectKGate', () => {
  it("is a product over the bits of each expert's number, in plain loops", () => {
    const level = tinyLevel(dselectKGate({ k: 2, gamma: 1 }));
    level.write('l.gates.selectors.values', [0.1, -0.3, 0.2, 0.45, -0.1, 0.7, 0, 0.3, -0.2, -0.4, 0.05, 0.15]);
    const z = (level.read('l.gates.selectors.values') as number[][][]).map((rows) => rows[0]!); // [unit][k × bits]
    const alpha = (level.read('l.gates.shares.values') as number[][][]).map((rows) => softmax(rows[0]!));
    const expected = z.map((numbers, u) => {
      const weights = [0, 0, 0, 0];
      [0, 1].forEach((i) => {
        const bits = numbers.slice(2 * i, 2 * i + 2).map((t) => step(t, 1));
        weights.forEach((_, c) => {
          const code = [c & 1, c >> 1];
          weights[c]! +=
            alpha[u]![i]! * code.reduce((product, bit, b) => product * (bit === 1 ? bits[b]! : 1 - bits[b]!), 1);
        });
      });
      return [weights];
    });
    expectClose(level.weights().constant, expected);
  });

  it.each([1, 2, 3])('gives at most k = %i experts, exactly, once the bits have settled', (k) => {
    const level = tinyLevel(dselectKGate({ k }));
    const settled = Array.from({ length: 3 * k * 2 }, (_, i) => ((i * 7) % 5 > 2 ? 0.8 : -0.6));
    level.write('l.gates.selectors.values', settled);
    for (const [row] of level.weights().constant!) {
      expect(row!.filter((weight) => weight !== 0).length).toBeLessThanOrEqual(k);
      expect(row!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    }
  });

  it('sums to 1 where the experts are no power of two, and for a unit that sees one', () => {
    const level = tinyLevel(
      dselectKGate({
        sees: [
          [1, 1, 0, 1],
          [0, 0, 1, 0],
          [1, 1, 1, 1],
        ],
      }),
    );
    level
      .weights()
      .constant!.forEach(([row]) => expect(row!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6));
    expect(level.weights().constant![1]![0]).toEqual([0, 0, 1, 0].map((expected) => expect.closeTo(expected, 6)));
  });

  it('adds the mean entropy of its selectors, which falls as they decide', () => {
    const level = tinyLevel(dselectKGate({ k: 1, entropy: 0.5 }));
    level.write('l.gates.selectors.values', [0, 0, 0, 0, 0, 0]); // each selector even over four
    expect(level.losses()['entropy']).toBeCloseTo(0.5 * Math.log(4), 4);
    level.write('l.gates.selectors.values', [1, -1, 1, -1, 1, -1]);
    expect(level.losses()['entropy']).toBeCloseTo(0, 4);
    expect(tinyLevel(dselectKGate()).losses()).toEqual({});
  });

  it.each<[unknown, string]>([
    [{ k: 0 }, 'for dselect-k.k, received 0.'],
    [{ gamma: 0 }, 'Expected a number above 0 for dselect-k.gamma, received 0.'],
    [{ reads: 'row' }, 'Did you mean "raw"?'],
  ])('refuses %j', (config, message) => {
    expect(() => dselectKGate(config as DselectKGateOptions)).toThrow(message);
  });
});
