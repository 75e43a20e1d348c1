import { sumGates } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { plain, tinyLevel } from '@polytask/testing';
import { TINY_SEES, TINY_UNITS, tinyCall } from '@polytask/testing/internal';
import { describe, expect, it } from 'vitest';
import { constantGate, type ConstantGateOptions } from './constant-gate.ts';

const { expertOutputs, fuse } = plain;

const start = (config: ConstantGateOptions, seed = 7) =>
  tinyLevel(constantGate(config), { seed })
    .weights()
    .constant!.map((rows) => rows[0]!);

describe('constantGate', () => {
  it('is the same for every row, [unit][1][expert], and is what is learned', () => {
    const level = tinyLevel(constantGate({ sees: 'all' }));
    const { gated, constant } = level.weights();
    expect(gated).toBeUndefined();
    expect(constant).toEqual(level.read('l.gates.weights'));
    const experts = expertOutputs(level);
    const next = level.apply();
    TINY_UNITS.forEach(({ name }, u) =>
      next[name]!.flat().forEach((value, i) => expect(value).toBeCloseTo(fuse(constant![u]!, experts).flat()[i]!, 5)),
    );
  });

  it('native-uniform is within ±1/√m of the m experts that a unit sees, 0 elsewhere', () => {
    const all = Array.from({ length: 60 }, (_, seed) => start({ sees: 'own' }, seed));
    const [widest, alone] = [0, 1].map((u) => Math.max(...all.flatMap((weights) => weights[u]!.map(Math.abs))));
    expect(widest).toBeLessThanOrEqual(1 / Math.SQRT2);
    expect(widest).toBeGreaterThan(0.95 / Math.SQRT2);
    expect(alone).toBeLessThanOrEqual(1);
    expect(alone).toBeGreaterThan(0.9);
    all.forEach((weights) =>
      weights.forEach((row, u) => row.forEach((weight, e) => expect(weight === 0).toBe(TINY_SEES.own[u]![e] === 0))),
    );
  });

  it('native-uniform is the default', () => {
    expect(start({ sees: 'own' })).toEqual(start({ sees: 'own', start: 'native-uniform' }));
  });

  it('linear is within ±1/√experts, whatever a unit sees', () => {
    const all = Array.from({ length: 60 }, (_, seed) => start({ sees: 'own', start: 'linear' }, seed).flat());
    const widest = Math.max(...all.flat().map(Math.abs));
    expect(widest).toBeLessThanOrEqual(0.5);
    expect(widest).toBeGreaterThan(0.48);
  });

  it('even is 1/m', () => {
    expect(start({ sees: 'own+shared', start: 'even' })).toEqual([
      [1, 1, 0, 1].map((w) => Math.fround(w / 3)),
      [0, 0, 0.5, 0.5],
      [0.25, 0.25, 0.25, 0.25],
    ]);
  });

  it('near-identity gives `self` to the own experts, the rest to the others', () => {
    const [a, b, shared] = start({ sees: 'all', start: 'near-identity', self: 0.8 });
    [0.4, 0.4, 0.1, 0.1].forEach((weight, e) => expect(a![e]).toBeCloseTo(weight, 6));
    [0.2 / 3, 0.2 / 3, 0.8, 0.2 / 3].forEach((weight, e) => expect(b![e]).toBeCloseTo(weight, 6));
    [0.2 / 3, 0.2 / 3, 0.2 / 3, 0.8].forEach((weight, e) => expect(shared![e]).toBeCloseTo(weight, 6));
  });

  it('near-identity is all to the own where there are no others, all to the others where there are no own', () => {
    expect(start({ sees: 'own', start: 'near-identity' })).toEqual([
      [0.5, 0.5, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ]);
    const sees = [
      [0, 0, 1, 1],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ] as const;
    expect(start({ sees, start: 'near-identity' })[0]).toEqual([0, 0, 0.5, 0.5]);
  });

  it('a unit that sees nothing has all 0 and no gradient, and is no error', () => {
    const sees = [
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ] as const;
    for (const start of ['native-uniform', 'near-identity', 'linear', 'even'] as const) {
      const level = tinyLevel(constantGate({ sees, start }));
      expect(level.weights().constant![1]).toEqual([[0, 0, 0, 0]]);
      expect(level.gradients()['l.gates.weights']!.every(Number.isFinite)).toBe(true);
      const { b } = level.apply();
      expect(b!.flat().every((value) => value === 0)).toBe(true);
    }
  });

  it.each<[unknown, string]>([
    [{ strat: 'even' }, 'Expected an option of constant, received "strat". Did you mean "start"?'],
    [{ start: 'near-idntity' }, 'Did you mean "near-identity"?'],
    [{ self: '0.9' }, 'Expected a number for constant.self, received "0.9".'],
    [
      { sees: 'mine' },
      'Expected a visibility (own, own+shared, all, or a matrix of 1 and 0) for constant.sees, received "mine".',
    ],
  ])('refuses %j', (config, message) => {
    expect(() => constantGate(config as ConstantGateOptions)).toThrow(message);
  });

  it("gives weights that are the caller's own to dispose, and not its parameter", () => {
    const test = tinyLevel(constantGate());
    const before = test.weights();
    const lanes = new Map(Object.entries(test.vectors).map(([name, rows]) => [name, tf.tensor2d(rows)]));
    const { constant } = sumGates(test.level.weights(lanes, tinyCall(tf.tensor2d(test.raw))));
    constant!.dispose();
    expect(test.weights()).toEqual(before);
  });
});
