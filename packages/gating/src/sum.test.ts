import * as tf from '@tensorflow/tfjs';
import type { GateSpec } from '@polytask/core';
import { tinyLevel, tinyModel, tinyNetwork } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { constantGate, identityGate, softmaxGate, sumGate } from './index.ts';

describe('sum', () => {
  const gate = () => softmaxGate({ sees: 'all' });

  it('adds its gates up, each with what it sees', () => {
    const level = tinyLevel(
      sumGate(
        gate(),
        constantGate({ sees: 'own' }),
        identityGate({
          sees: [
            [0, 0, 0, 1],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
          ],
        }),
      ),
    );
    const { gated, constant } = level.weights();
    const learned = (level.read('l.gates.1.weights') as number[][][]).map((rows) => rows[0]!);
    const expected = learned.map((row, u) => row.map((weight, e) => weight + (u === 0 && e === 3 ? 1 : 0)));
    expect(constant!.map((rows) => rows[0])).toEqual(expected);
    gated!.flat().forEach((row) => expect(row.reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 6));
    expect(
      level.store
        .all()
        .map(({ name }) => name)
        .filter((name) => name.startsWith('l.gates')),
    ).toEqual(['l.gates.0.kernel', 'l.gates.0.bias', 'l.gates.1.weights']);
  });

  it('gives each gate what it reads', () => {
    const together = tinyLevel(sumGate(softmaxGate({ reads: 'raw' }), softmaxGate({ reads: 'unit' })));
    const raw = together.read('l.gates.0.kernel') as number[][][];
    const unit = together.read('l.gates.1.kernel') as number[][][];
    expect([raw[0]!.length, unit[0]!.length]).toEqual([2, 3]);
    expect(together.weights().gated!.flat(2).every(Number.isFinite)).toBe(true);
  });

  it('is a gate alone when there is one, under the name of one', () => {
    expect(tinyLevel(sumGate(gate())).weights()).toEqual(tinyLevel(gate()).weights());
  });

  it('refuses no gates, and what is no gate', () => {
    expect(() => sumGate()).toThrow('Expected a list of 1 or more for sum.gates, received [].');
    expect(() => sumGate(gate(), constantGate as unknown as GateSpec)).toThrow(
      'Expected a gate for sum.gates[1], received a function',
    );
  });

  it('says which unit has no vector that a gate could read', () => {
    const model = () => tinyModel(tinyNetwork({ gate: softmaxGate(), levels: 2 })).network;
    expect(model).not.toThrow();
    const level = tinyLevel(softmaxGate(), { outputs: ['a', 'b'] });
    const lanes = new Map([
      ['a', tf.tensor2d(level.vectors['a']!)],
      ['shared', tf.tensor2d(level.vectors['shared']!)],
    ]);
    const call = { training: false, raw: tf.tensor2d(level.raw), addLoss: () => undefined };
    expect(() => level.level.weights(lanes, call)).toThrow(
      'Expected unit "b" to have a vector for its gate to read at l.gates, received lanes a, shared.',
    );
  });
});
