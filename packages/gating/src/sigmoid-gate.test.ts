import { expectClose, plain, tinyLevel } from '@polytask/testing';
import { TINY_SEES } from '@polytask/testing/internal';
import { describe, expect, it } from 'vitest';
import { sigmoidGate, type SigmoidGateOptions } from './sigmoid-gate.ts';

const { affine, sigmoid } = plain;

describe('sigmoidGate', () => {
  it("is the sigmoid of each score, in plain loops; experts don't compete", () => {
    const level = tinyLevel(sigmoidGate({ sees: 'own+shared' }));
    const [kernels, biases] = ['kernel', 'bias'].map((name) => level.read(`l.gates.${name}`) as number[][][]);
    const { gated } = level.weights();
    gated!.forEach((rows, u) => {
      const scores = affine(level.vectors[level.level.outputs[u]!]!, kernels![u]!, biases![u]![0]!);
      expectClose(
        rows,
        scores.map((row) => row.map((score, e) => sigmoid(score) * TINY_SEES['own+shared'][u]![e]!)),
      );
    });
    expect(gated![0]!.some((row) => row.reduce((sum, weight) => sum + weight, 0) > 1.2)).toBe(true);
  });

  it('of learned scores starts at ½, the same for all rows', () => {
    const { constant, gated } = tinyLevel(sigmoidGate({ reads: 'nothing' })).weights();
    expect(constant).toEqual(new Array(3).fill([[0.5, 0.5, 0.5, 0.5]]));
    expect(gated).toBeUndefined();
  });

  it('refuses an unknown option', () => {
    expect(() => sigmoidGate({ temperature: 2 } as SigmoidGateOptions)).toThrow(
      'Expected an option of sigmoid, received "temperature".',
    );
  });
});
