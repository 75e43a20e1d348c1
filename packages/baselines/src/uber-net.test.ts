import { mlp } from '@polytask/experts';
import { expectClose, gradientsOf, logitsOf, plain, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { uberNet, type UberNetOptions } from './uber-net.ts';
import { linearLayer, mix } from './testing/oracle.ts';

const { heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const levels = [5, 4, 4].map((width) => ({ experts: mlp([width], { activation: 'tanh' }) }));

describe('uberNet', () => {
  it('adds up a linear map of every level of the trunk, for each task: in plain loops', () => {
    const model = tinyModel(uberNet({ levels, units: 4 }));
    let trunk = tinyRows(SIZE);
    const all = levels.map((_, l) => (trunk = tanhLayer(model, `levels.${l}.experts.0`, 0, trunk)));
    const vectors = [0, 1, 2].map((t) => {
      const parts: Rows[] = [
        linearLayer(model, 'levels.3.experts.0', t, all[0]!), // of width 5, a bank by itself
        linearLayer(model, 'levels.3.experts.1', t, all[1]!),
        linearLayer(model, 'levels.3.experts.1', 3 + t, all[2]!),
      ];
      return mix([1, 1, 1], parts);
    });
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
  });

  it('lets each task train every level of the trunk', () => {
    const gradients = gradientsOf(tinyModel(uberNet({ levels, units: 4 })), 16, 'c');
    for (const l of [0, 1, 2])
      expect(gradients[`levels.${l}.experts.0.kernel`]!.some((value) => value !== 0)).toBe(true);
  });

  it("refuses what it doesn't know", () => {
    expect(() => uberNet({ levels } as unknown as UberNetOptions)).toThrow('for uber-net.units, received nothing.');
  });
});
