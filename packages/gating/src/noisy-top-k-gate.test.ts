import { randomStream } from '@polytask/core';
import { expectClose, plain, tinyLevel, type TinyLevel } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { noisyTopKGate, type NoisyTopKGateOptions } from './noisy-top-k-gate.ts';

const { affine, softmax } = plain;

const QUIET = { importance: 0, load: 0 };

/** The scores and the noise's deviations before either is added, [unit][row][expert]. */
function scoresOf(level: TinyLevel) {
  const kernel = (name: string) => level.read(`l.gates.${name}`) as number[][][];
  return level.level.outputs.map((unit, u) => {
    const x = level.vectors[unit]!;
    return {
      clean: affine(x, kernel('kernel')[u]!, kernel('bias')[u]![0]!),
      deviation: affine(x, kernel('noise.kernel')[u]!, [0, 0, 0, 0]).map((row) =>
        row.map((z) => Math.log1p(Math.exp(z)) + 0.01),
      ),
    };
  });
}

/** Softmax over the k largest of a row. */
function topK(row: readonly number[], k: number): number[] {
  const bar = [...row].sort((a, b) => b - a)[k - 1]!;
  return softmax(row.map((score) => (score >= bar ? score : -Infinity)));
}

/** Φ by Simpson's rule. */
function normalBelow(z: number): number {
  const [steps, density] = [2000, (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)];
  const width = z / steps;
  let sum = density(0) + density(z);
  for (let i = 1; i < steps; i++) sum += density(i * width) * (i % 2 === 1 ? 4 : 2);
  return 0.5 + (sum * width) / 3;
}

const squaredVariation = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length / mean ** 2;
};

describe('noisyTopKGate', () => {
  it.each([1, 2, 3, 4, 9])('is a softmax over the k largest scores, exactly 0 elsewhere: k = %i', (k) => {
    const level = tinyLevel(noisyTopKGate({ k }));
    const chosen = Math.min(k, 4);
    const expected = scoresOf(level).map(({ clean }) => clean.map((row) => topK(row, chosen)));
    const { gated } = level.weights();
    expectClose(gated, expected);
    for (const row of gated!.flat()) expect(row.filter((weight) => weight > 0).length).toBe(chosen);
  });

  it("never takes what a unit doesn't see, however few that leaves", () => {
    const { gated } = tinyLevel(noisyTopKGate({ k: 2, sees: 'own' })).weights({ training: true });
    expect(gated!.map((rows) => rows.map((row) => row.map((weight) => weight > 0)))).toEqual([
      new Array(6).fill([true, true, false, false]),
      new Array(6).fill([false, false, true, false]),
      new Array(6).fill([false, false, false, true]),
    ]);
  });

  it('adds noise of the learned deviation in training, another at each call', () => {
    const level = tinyLevel(noisyTopKGate({ k: 2, ...QUIET }));
    const noise = randomStream(7, 'l.gates.noise').normal(3 * 6 * 4);
    const expected = scoresOf(level).map(({ clean, deviation }, u) =>
      clean.map((row, r) =>
        topK(
          row.map((score, e) => score + noise[(u * 6 + r) * 4 + e]! * deviation[r]![e]!),
          2,
        ),
      ),
    );
    const first = level.weights({ training: true }).gated;
    expectClose(first, expected);
    expect(level.weights({ training: true }).gated).not.toEqual(first);
    expect(level.weights().gated).toEqual(level.weights().gated);
  });

  it('lets gradients flow through the chosen experts alone', () => {
    const level = tinyLevel(
      noisyTopKGate({
        k: 1,
        ...QUIET,
        sees: [
          [1, 0, 1, 0],
          [1, 0, 1, 0],
          [0, 0, 0, 1],
        ],
      }),
      { same: true },
    );
    const bias = level.store.get('l.gates.bias').variable;
    bias.assign(bias.add([[[9, 0, 0, 0]], [[9, 0, 0, 0]], [[0, 0, 0, 9]]]));
    const gradient = level.gradients()['l.experts.kernel']!;
    const used = [0, 1, 2, 3].map((e) => gradient.slice(e * 12, (e + 1) * 12).some((value) => value !== 0));
    expect(used).toEqual([true, false, false, true]);
  });

  it('adds the losses of importance and load: eq. 6 to 11 in plain loops', () => {
    const level = tinyLevel(noisyTopKGate({ k: 2, importance: 0.3, load: 0.7 }));
    const noise = randomStream(7, 'l.gates.noise').normal(3 * 6 * 4);
    const scores = scoresOf(level);
    const losses = level.losses({ training: true });
    const [importance, load] = [[] as number[], [] as number[]];
    scores.forEach(({ clean, deviation }, u) => {
      const noisy = clean.map((row, r) =>
        row.map((score, e) => score + noise[(u * 6 + r) * 4 + e]! * deviation[r]![e]!),
      );
      const weights = noisy.map((row) => topK(row, 2));
      importance.push(squaredVariation([0, 1, 2, 3].map((e) => weights.reduce((sum, row) => sum + row[e]!, 0))));
      const chances = clean.map((row, r) =>
        row.map((score, e) => {
          const others = noisy[r]!.filter((_, i) => i !== e).sort((a, b) => b - a); // the k-th largest excluding e
          return normalBelow((score - others[1]!) / deviation[r]![e]!);
        }),
      );
      load.push(squaredVariation([0, 1, 2, 3].map((e) => chances.reduce((sum, row) => sum + row[e]!, 0))));
    });
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(losses['importance']).toBeCloseTo(0.3 * mean(importance), 5);
    expect(losses['load']).toBeCloseTo(0.7 * mean(load), 4);
    expect(Object.keys(level.losses())).toEqual(['importance']); // the load needs noise
    expect(tinyLevel(noisyTopKGate(QUIET)).losses({ training: true })).toEqual({});
  });

  it.each<[unknown, string]>([
    [{ k: 0 }, 'for noisy-top-k.k, received 0.'],
    [{ load: -1 }, 'Expected a number of 0 or more for noisy-top-k.load, received -1.'],
    [{ reads: 'nothing' }, 'Expected one of "unit", "raw" for noisy-top-k.reads'],
  ])('refuses %j', (config, message) => {
    expect(() => noisyTopKGate(config as NoisyTopKGateOptions)).toThrow(message);
  });

  it.each([{}, { k: 1 }])('gives the only expert the weight 1: %j', (config) => {
    const level = tinyLevel(noisyTopKGate(config), { units: [{ name: 'a', kind: 'own', experts: 1 }] });
    for (const training of [false, true]) {
      const { gated, constant } = level.weights({ training });
      expect([...new Set((gated ?? constant)!.flat(2))]).toEqual([1]);
    }
  });
});
