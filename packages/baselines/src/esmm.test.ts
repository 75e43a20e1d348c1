import { binary, denseSchema, multiclass, multiTaskModel } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { expectClose, gradientsOf, logitsOf, plain, tinyModel, tinyRows, write } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { esmm } from './funnel.ts';
import type { FunnelNetworkOptions } from './funnel.ts';

const { heads, sigmoid, tanhLayer } = plain;

const SIZE = 6;
const levels = [{ experts: mlp([4], { activation: 'tanh' }) }];
const logit = (p: number) => Math.log(p / (1 - p));

describe('esmm', () => {
  it('predicts a step as the product of the chances up to it, in plain loops', () => {
    const model = tinyModel(esmm({ levels, funnel: ['b', 'a', 'c'] }));
    const own = heads(
      model,
      [0, 1, 2].map((t) => tanhLayer(model, 'levels.0.experts.0', t, tinyRows(SIZE))),
    );
    const chances = (task: string) => own[task]!.map(sigmoid);
    const [b, a, c] = ['b', 'a', 'c'].map(chances);
    expectClose(logitsOf(model, SIZE), {
      a: b!.map((p, r) => logit(p * a![r]!)),
      b: b!.map(logit),
      c: b!.map((p, r) => logit(p * a![r]! * c![r]!)),
    });
  });

  it('never predicts a step to be likelier than the one before, however sure it is', () => {
    const model = tinyModel(esmm({ levels, funnel: ['a', 'b'] }));
    for (const bias of [0, 30, -30]) {
      write(model, 'heads.bias', [bias, bias, 0]);
      const { a, b } = model.predict(tinyRows(20).map((x) => ({ x })));
      a!.forEach((p, r) => expect(b![r]!).toBeLessThanOrEqual(p + 1e-6));
      expect([...a!, ...b!].every(Number.isFinite)).toBe(true);
      expect(Object.values(gradientsOf(model)).flat().every(Number.isFinite)).toBe(true);
    }
  });

  it('trains the steps before through a later one', () => {
    const gradients = gradientsOf(tinyModel(esmm({ levels, funnel: ['a', 'b'] })), 16, 'b')[
      'levels.0.experts.0.kernel'
    ]!;
    expect([0, 1, 2].map((t) => gradients.slice(12 * t, 12 * t + 12).some((value) => value !== 0))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each<[string[], string]>([
    [
      ['a', 'd'],
      'Expected esmm.funnel to name tasks of the model, a, b, c, each at most once, received ["a","d"]. Look for "d".',
    ],
    [['a', 'a'], 'Look for "a".'],
  ])('refuses the funnel %j', (funnel, message) => {
    expect(() => tinyModel(esmm({ levels, funnel }))).toThrow(message);
  });

  it('refuses one step alone, and a step of several classes', () => {
    expect(() => esmm({ levels, funnel: ['a'] } as FunnelNetworkOptions)).toThrow(
      'Expected a list of 2 or more for esmm.funnel',
    );
    const tasks = { a: binary(), b: multiclass({ classes: ['x', 'y', 'z'] }) };
    const model = multiTaskModel({
      schema: denseSchema(3, tasks),
      network: esmm({ levels, funnel: ['a', 'b'] }),
      seed: 7,
    });
    expect(() => model.predict(tinyRows(2).map((x) => ({ x })))).toThrow(
      'Expected step "b" of a funnel to be a binary task, received 3 classes.',
    );
  });
});
