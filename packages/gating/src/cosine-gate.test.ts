import { expectClose, plain, tinyLevel } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { cosineGate, type CosineGateOptions } from './cosine-gate.ts';

const lengthOf = (v: readonly number[]) => Math.hypot(...v);

describe('cosineGate', () => {
  it.each([1, 2, 4, 9])('is a softmax over the k largest cosines / τ, in plain loops: k = %i', (k) => {
    const level = tinyLevel(cosineGate({ k, units: 5, temperature: 0.2 }));
    const [projections, embeddings] = ['projection', 'embedding'].map(
      (name) => level.read(`l.gates.${name}`) as number[][][],
    );
    level.weights().gated!.forEach((rows, u) => {
      const projected = plain.affine(level.vectors[level.level.outputs[u]!]!, projections![u]!);
      const expected = projected.map((p) => {
        const scores = [0, 1, 2, 3].map((e) => {
          const vector = embeddings![u]!.map((row) => row[e]!);
          return p.reduce((sum, value, i) => sum + value * vector[i]!, 0) / lengthOf(p) / lengthOf(vector) / 0.2;
        });
        const bar = scores.toSorted((a, b) => b - a)[Math.min(k, 4) - 1]!;
        return plain.softmax(scores.map((score) => (score >= bar ? score : -Infinity)));
      });
      expectClose(rows, expected);
    });
  });

  it('keeps its choice if inputs and vectors of experts are longer, and its temperature at .01 or more', () => {
    const level = tinyLevel(cosineGate({ reads: 'raw', units: 5 }));
    const before = level.weights().gated;
    const embedding = level.read('l.gates.embedding') as number[][][];
    level.write(
      'l.gates.embedding',
      embedding.map((unit) => unit.map((row) => row.map((value) => value * 50))),
    );
    expectClose(level.weights().gated, before, 4);
    level.write('l.gates.scale', [50, 50, 50]);
    const cold = level.weights().gated;
    level.write('l.gates.scale', new Array(3).fill(Math.log(100)));
    expectClose(cold, level.weights().gated);
  });

  it.each<[unknown, string]>([
    [{ k: 0 }, 'for cosine.k, received 0.'],
    [{ temperature: 0 }, 'Expected a number of 0.01 or more for cosine.temperature, received 0.'],
    [{ reads: 'nothing' }, 'for cosine.reads'],
    [{ unit: 3 }, 'Did you mean "units"?'],
  ])('refuses %j', (config, message) => {
    expect(() => cosineGate(config as CosineGateOptions)).toThrow(message);
  });
});
