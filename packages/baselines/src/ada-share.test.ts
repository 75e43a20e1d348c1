import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import {
  auxiliaryOf,
  expectClose,
  logitsOf,
  plain,
  tinyExamples,
  tinyModel,
  tinyRows,
  trainTiny,
  write,
} from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { adaShare, type AdaShareOptions } from './ada-share.ts';
import { mix } from './testing/oracle.ts';

const { heads, sigmoid, tanhLayer } = plain;

const SIZE = 6;
const parts = { encoder: mlp([4], { activation: 'tanh' }), experts: mlp([4], { activation: 'tanh' }) };
/** Scores of block l for tasks a, b, c, at their places in W. */
const scores = (l: number) =>
  [
    [3, -2, 1],
    [-1, -4, 2],
  ][l]!;
const flat = (l: number) =>
  Array.from({ length: 18 }, (_, i) => (i % 6 === 2 * Math.floor(i / 6) ? scores(l)[Math.floor(i / 6)]! : 0));

const chosen = () => {
  const model = tinyModel(adaShare({ ...parts, blocks: 2, sparsity: 0.3, sharing: 0.5 }));
  for (const l of [0, 1]) write(model, `levels.${l + 1}.gates.0.scores`, flat(l));
  return model;
};

describe('adaShare', () => {
  it("adds a block to a task's vector or skips it, wholly, outside of training: in plain loops", () => {
    const model = chosen();
    const vectors = [0, 1, 2].map((t) => {
      let y = tanhLayer(model, 'levels.0.experts.0', 0, tinyRows(SIZE));
      for (const l of [0, 1]) {
        if (scores(l)[t]! > 0) y = mix([1, 1], [y, tanhLayer(model, `tied.blocks.${l}.0.0`, 0, y)]);
      }
      return y;
    });
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
    for (const { constant } of fusionWeights(model, tinyExamples(model, SIZE))) {
      for (const weight of constant.flat()) expect([0, 1]).toContain(weight);
    }
  });

  it('has each block once, whatever the number of tasks', () => {
    const blocks = (tasks: string[]) =>
      tinyModel(adaShare({ ...parts, blocks: 2 }), { tasks })
        .store.all()
        .filter(({ name }) => name.startsWith('tied.'))
        .map(({ variable }) => variable.shape);
    expect(blocks(['a', 'b', 'c'])).toEqual(blocks(['a']));
  });

  it('adds the losses of sparsity and sharing, the latter more at lower blocks', () => {
    let [sparsity, sharing] = [0, 0];
    for (const l of [0, 1]) {
      const alpha = scores(l).map(sigmoid);
      sparsity += ((0.3 / 2) * alpha.reduce((sum, chance) => sum + Math.log(chance), 0)) / 3;
      const [a, b, c] = alpha as [number, number, number];
      sharing += (((0.5 * (2 - l)) / 4) * (Math.abs(a - b) + Math.abs(a - c) + Math.abs(b - c))) / 3;
    }
    const losses = auxiliaryOf(chosen());
    expect(losses['sparsity']).toBeCloseTo(sparsity, 5);
    expect(losses['sharing']).toBeCloseTo(sharing, 5);
  });

  it('skips more blocks where they cost more', { tags: ['long'] }, () => {
    const openShare = (sparsity: number) => {
      const model = tinyModel(adaShare({ ...parts, blocks: 3, sparsity, sharing: 0 }));
      trainTiny(model, { steps: 80, rate: 0.1 });
      const [, ...blocks] = fusionWeights(model, tinyExamples(model, SIZE));
      return blocks
        .flatMap(({ constant }) => constant.map((row, t) => row[2 * t]!))
        .reduce((sum, weight) => sum + weight, 0);
    };
    expect(openShare(5)).toBeLessThan(openShare(0));
  });

  it("refuses what it doesn't know", () => {
    expect(() => adaShare({ ...parts, block: 3 } as AdaShareOptions)).toThrow('Did you mean "blocks"?');
    expect(() => adaShare({ ...parts, sparsity: -1 })).toThrow('for ada-share.sparsity, received -1.');
  });
});
