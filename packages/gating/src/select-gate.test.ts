import { plain, tinyLevel } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { selectGate, type SelectGateOptions } from './select-gate.ts';

const { sigmoid } = plain;

const SCORES = [1, -2, 0.5, -0.1, 3, -1, 2, 0.2, -0.3, 4, -4, 1];
const units = [
  { name: 'a', kind: 'own', experts: 2 },
  { name: 'b', kind: 'own', experts: 2 },
  { name: 'c', kind: 'own', experts: 2 },
] as const;

describe('selectGate', () => {
  it('takes what is likelier than not, and skips the rest, outside of training', () => {
    const level = tinyLevel(selectGate());
    level.write('l.gates.scores', SCORES);
    expect(level.weights().constant!.flat(2)).toEqual(SCORES.map((score) => Number(score > 0)));
  });

  it('starts with all taken, at the chance that it is given', () => {
    const level = tinyLevel(selectGate({ initialProbability: 0.8 }));
    expect(level.weights().constant!.flat(2)).toEqual(new Array(12).fill(1));
    for (const score of (level.read('l.gates.scores') as number[][][]).flat(2))
      expect(sigmoid(score)).toBeCloseTo(0.8, 6);
  });

  it('takes in training as often as its chance says: hard, over many draws', () => {
    const level = tinyLevel(selectGate({ hard: true, initialProbability: 0.7 }));
    let [selections, all] = [0, 0];
    for (let draw = 0; draw < 150; draw++) {
      for (const weight of level.weights({ training: true }).constant!.flat(2)) {
        expect(Math.min(Math.abs(weight), Math.abs(weight - 1))).toBeLessThan(1e-6);
        selections += weight;
        all += 1;
      }
    }
    expect(selections / all).toBeCloseTo(0.7, 1);
  });

  it('adds the losses of sparsity and sharing, in plain loops', () => {
    const level = tinyLevel(selectGate({ sees: 'own', sparsity: 0.3, sharing: 0.5 }), { units });
    const scores = Array.from({ length: 18 }, (_, i) => Math.sin(i) * 2);
    level.write(
      'l.gates.scores',
      scores.map((score, i) => (Math.floor(i / 6) === Math.floor((i % 6) / 2) ? score : 0)),
    );
    const chance = (u: number, i: number) => sigmoid(scores[u * 6 + 2 * u + i]!);
    let [logs, differences] = [0, 0];
    for (const i of [0, 1]) {
      for (const u of [0, 1, 2]) logs += Math.log(chance(u, i));
      differences +=
        Math.abs(chance(0, i) - chance(1, i)) +
        Math.abs(chance(0, i) - chance(2, i)) +
        Math.abs(chance(1, i) - chance(2, i));
    }
    const losses = level.losses();
    expect(losses['sparsity']).toBeCloseTo((0.3 * logs) / 6, 5);
    expect(losses['sharing']).toBeCloseTo((0.5 * differences) / 6, 5);
    expect(tinyLevel(selectGate()).losses({ training: true })).toEqual({});
  });

  it('shares nothing by the sign of a rounding: scores that differ in the last digit are even', () => {
    const level = tinyLevel(selectGate({ sees: 'own', sharing: 0.5 }), { units });
    const own = (u: number, e: number) => Math.floor(e / 2) === u;
    const write = (difference: number) =>
      level.write(
        'l.gates.scores',
        Array.from({ length: 18 }, (_, i) => (own(Math.floor(i / 6), i % 6) ? (i === 0 ? difference : 0) : 0)),
      );
    write(0);
    expect(level.losses()['sharing']).toBe(0);
    write(2e-7);
    expect(level.losses()['sharing']).toBe(0);
    write(1e-3);
    expect(level.losses()['sharing']).toBeCloseTo((0.5 * 2 * 1e-3 * 0.25) / 6, 6);
  });

  it.each<[unknown, string]>([
    [{ sparsity: -1 }, 'Expected a number of 0 or more for select.sparsity, received -1.'],
    [{ initialProbability: 1 }, 'Expected a number in (0, 1) for select.initialProbability, received 1.'],
    [{ sharring: 1 }, 'Did you mean "sharing"?'],
  ])('refuses %j', (config, message) => {
    expect(() => selectGate(config as SelectGateOptions)).toThrow(message);
  });
});
