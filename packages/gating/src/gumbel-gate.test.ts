import { expectClose, plain, tinyLevel } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { gumbelGate, type GumbelGateOptions } from './gumbel-gate.ts';

const { affine, softmax } = plain;

const SCORES = [0.5, 1.5, -0.5, 0, 0, 0, 0, 2, 1, 1, -1, 0];

describe('gumbelGate', () => {
  it('takes the expert with the largest score outside of training, wholly', () => {
    const level = tinyLevel(gumbelGate());
    const [kernels, biases] = ['kernel', 'bias'].map((name) => level.read(`l.gates.${name}`) as number[][][]);
    level.weights().gated!.forEach((rows, u) => {
      const scores = affine(level.vectors[level.level.outputs[u]!]!, kernels![u]!, biases![u]![0]!);
      expect(rows).toEqual(scores.map((row) => row.map((score) => (score === Math.max(...row) ? 1 : 0))));
    });
  });

  it('takes each expert as often in training as a softmax of the scores says', { tags: ['long'] }, () => {
    const level = tinyLevel(gumbelGate({ reads: 'nothing', hard: true, temperature: 0.5 }));
    level.write('l.gates.scores', SCORES);
    const [draws, counts] = [1500, [0, 0, 0, 0]];
    for (let draw = 0; draw < draws; draw++) {
      const row = level.weights({ training: true }).constant![0]![0]!;
      row.forEach((weight, e) => (counts[e]! += Math.round(weight)));
    }
    softmax(SCORES.slice(0, 4)).forEach((chance, e) => expect(counts[e]! / draws).toBeCloseTo(chance, 1));
  });

  it('mixes in training, the more decided the lower the temperature', () => {
    const decided = (temperature: number) =>
      tinyLevel(gumbelGate({ temperature }))
        .weights({ training: true })
        .gated!.flat()
        .map((row) => Math.max(...row))
        .reduce((a, b) => a + b) / 18;
    expect(decided(0.05)).toBeGreaterThan(0.95);
    expect(decided(5)).toBeLessThan(0.5);
  });

  it('hard: has whole weights in training too, and still a gradient', () => {
    const level = tinyLevel(gumbelGate({ hard: true }));
    for (const row of level.weights({ training: true }).gated!.flat()) {
      expectClose(
        row.toSorted((a, b) => b - a),
        [1, 0, 0, 0],
      );
    }
    expect(level.gradients()['l.gates.kernel']!.filter((value) => value !== 0).length).toBeGreaterThan(10);
  });

  it('cools down as training goes on, counted by a buffer that is saved', () => {
    const level = tinyLevel(gumbelGate({ reads: 'nothing', temperature: 100, decay: 0.5, minTemperature: 0.01 }));
    const spread = () => Math.max(...level.weights({ training: true }).constant![0]![0]!);
    expect(spread()).toBeLessThan(0.3);
    level.weights();
    expect(level.read('l.gates.steps')).toEqual([[[1]], [[1]], [[1]]]); // evaluation doesn't count
    for (let step = 0; step < 15; step++) spread();
    expect(spread()).toBeGreaterThan(0.9);
    expect(level.store.trainable().map(({ name }) => name)).not.toContain('l.gates.steps');
  });

  it.each<[unknown, string]>([
    [{ temperature: 0 }, 'Expected a number above 0 for gumbel.temperature, received 0.'],
    [{ decay: 1.1 }, 'Expected a number in (0, 1] for gumbel.decay, received 1.1.'],
    [{ hrad: true }, 'Did you mean "hard"?'],
  ])('refuses %j', (config, message) => {
    expect(() => gumbelGate(config as GumbelGateOptions)).toThrow(message);
  });

  it.each([{}, { hard: true }, { reads: 'nothing' as const }])('gives the only expert the weight 1: %j', (config) => {
    const level = tinyLevel(gumbelGate(config), { units: [{ name: 'a', kind: 'own', experts: 1 }] });
    for (const training of [false, true]) {
      const { gated, constant } = level.weights({ training });
      expect([...new Set((gated ?? constant)!.flat(2))]).toEqual([1]);
    }
  });
});
