import { expectClose, plain, tinyLevel } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { entmaxGate, type EntmaxGateOptions } from './entmax-gate.ts';

const { affine } = plain;

/** Sparsemax of a row: by trying every size of the support (Martins & Astudillo, proposition 1). */
function sparsemax(z: readonly number[]): number[] {
  const down = [...z].sort((a, b) => b - a);
  for (let k = z.length; k > 0; k--) {
    const threshold = (down.slice(0, k).reduce((sum, score) => sum + score, 0) - 1) / k;
    if (down[k - 1]! > threshold) return z.map((score) => Math.max(0, score - threshold));
  }
  return [];
}

describe('entmaxGate', () => {
  it('is sparsemax of the scores over what a unit sees, in plain loops', () => {
    const sees = [
      [1, 1, 0, 1],
      [0, 1, 1, 0],
      [1, 1, 1, 1],
    ] as const;
    const level = tinyLevel(entmaxGate({ alpha: 2, temperature: 0.3, sees }));
    const [kernels, biases] = ['kernel', 'bias'].map((name) => level.read(`l.gates.${name}`) as number[][][]);
    level.weights().gated!.forEach((rows, u) => {
      const scores = affine(level.vectors[level.level.outputs[u]!]!, kernels![u]!, biases![u]![0]!);
      expectClose(
        rows,
        scores.map((row) => sparsemax(row.map((score, e) => (sees[u]![e] === 1 ? score / 0.3 : -1e6)))),
      );
    });
  });

  it('gives exact zeros where a softmax never does, the more the lower the temperature', () => {
    const zeros = (config: EntmaxGateOptions) =>
      tinyLevel(entmaxGate(config))
        .weights()
        .gated!.flat(2)
        .filter((w) => w === 0).length;
    expect(zeros({ alpha: 2, temperature: 0.2 })).toBeGreaterThan(zeros({ alpha: 2, temperature: 1 }));
    expect(zeros({ alpha: 2, temperature: 0.2 })).toBeGreaterThan(10);
    expect(zeros({ temperature: 0.2 })).toBeGreaterThan(0);
    expect(zeros({ temperature: 0.2 })).toBeLessThanOrEqual(zeros({ alpha: 2, temperature: 0.2 }));
  });

  it.each<[unknown, string]>([
    [{ alpha: 3 }, 'Expected one of 1.5, 2 for entmax.alpha, received 3.'],
    [{ temperature: 0 }, 'for entmax.temperature, received 0.'],
    [{ alhpa: 2 }, 'Did you mean "alpha"?'],
  ])('refuses %j', (config, message) => {
    expect(() => entmaxGate(config as EntmaxGateOptions)).toThrow(message);
  });
});
