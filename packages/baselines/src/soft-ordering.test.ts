import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import {
  expectClose,
  gradientsOf,
  logitsOf,
  plain,
  read,
  tinyExamples,
  tinyModel,
  tinyRows,
  write,
} from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { softOrdering, type SoftOrderingOptions } from './soft-ordering.ts';
import { mix } from './testing/oracle.ts';

const { heads, softmax, tanhLayer } = plain;

const SIZE = 6;
const parts = { encoder: mlp([4], { activation: 'tanh' }), experts: mlp([4], { activation: 'tanh' }) };

describe('softOrdering', () => {
  it("applies the same layers at every depth, weighed by each task's softmax, in plain loops", () => {
    const model = tinyModel(softOrdering({ ...parts, layers: 3, depth: 2 }));
    for (const l of [1, 2]) {
      const scores = Array.from({ length: 27 }, (_, i) =>
        Math.floor(i / 9) === Math.floor((i % 9) / 3) ? Math.sin(i + l) : 0,
      );
      write(model, `levels.${l}.gates.scores`, scores);
    }
    const vectors = [0, 1, 2].map((t) => {
      let y = tanhLayer(model, 'levels.0.experts.0', t, tinyRows(SIZE));
      for (const l of [1, 2]) {
        const own = read<number[][][]>(model, `levels.${l}.gates.scores`)[t]![0]!.slice(3 * t, 3 * t + 3);
        y = mix(
          softmax(own),
          [0, 1, 2].map((j) => tanhLayer(model, 'tied.layers.0', j, y)),
        );
      }
      return y;
    });
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
  });

  it("has as many layers' parameters for any depth and any number of tasks", () => {
    const layers = (depth: number, tasks: string[]) =>
      tinyModel(softOrdering({ ...parts, layers: 3, depth }), { tasks })
        .store.all()
        .filter(({ name }) => name.startsWith('tied.'))
        .map(({ name, variable }) => [name, variable.shape]);
    expect(layers(1, ['a'])).toEqual([
      ['tied.layers.0.kernel', [3, 4, 4]],
      ['tied.layers.0.bias', [3, 1, 4]],
    ]);
    expect(layers(4, ['a', 'b', 'c'])).toEqual(layers(1, ['a']));
  });

  it('starts even, and lets every task train every layer', () => {
    const model = tinyModel(softOrdering(parts));
    const [, first] = fusionWeights(model, tinyExamples(model, SIZE));
    first!.constant.forEach((row, t) =>
      row.forEach((weight, e) => expect(weight).toBeCloseTo(Math.floor(e / 3) === t ? 1 / 3 : 0, 6)),
    );
    const gradient = gradientsOf(model, 16, 'b')['tied.layers.0.kernel']!;
    for (const j of [0, 1, 2]) expect(gradient.slice(16 * j, 16 * j + 16).some((value) => value !== 0)).toBe(true);
  });

  it('says when a layer gives another width than it reads', () => {
    expect(() => tinyModel(softOrdering({ ...parts, experts: mlp([5]) }))).toThrow(
      'Expected all levels of the tied experts "layers" to have the same experts on 4 numbers',
    );
  });

  it("refuses what it doesn't know", () => {
    expect(() => softOrdering({ ...parts, layer: 3 } as SoftOrderingOptions)).toThrow('Did you mean "layers"?');
    expect(() => softOrdering({ ...parts, depth: 0 })).toThrow('for soft-ordering.depth, received 0.');
  });
});
