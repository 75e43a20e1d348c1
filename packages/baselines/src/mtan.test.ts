import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { expectClose, gradientsOf, logitsOf, plain, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { mtan, type MtanOptions } from './mtan.ts';
import { beside, maskOf } from './testing/oracle.ts';

const { heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const levels = [5, 4].map((width) => ({ experts: mlp([width], { activation: 'tanh' }) }));

describe('mtan', () => {
  it("masks each shared layer feature by feature, from the layer's input and the task's features before: in plain loops", () => {
    const model = tinyModel(mtan({ levels, hidden: 6 }));
    let trunk = tinyRows(SIZE);
    let attended: Rows[] | undefined;
    levels.forEach((_, l) => {
      const shared = tanhLayer(model, `levels.${2 * l}.experts.0`, 0, trunk);
      attended = [0, 1, 2].map((t) => {
        const mask = maskOf(model, `levels.${2 * l + 1}.gates`, t, attended ? beside(trunk, attended[t]!) : trunk);
        return shared.map((row, r) => row.map((value, c) => value * mask[r]![c]!));
      });
      trunk = shared;
    });
    expectClose(logitsOf(model, SIZE), heads(model, attended!));
  });

  it("a task trains the shared layers and its own masks, no other task's", () => {
    const gradients = gradientsOf(tinyModel(mtan({ levels, hidden: 6 })), 16, 'b');
    expect(gradients['levels.0.experts.0.kernel']!.some((value) => value !== 0)).toBe(true);
    const perTask = gradients['levels.3.gates.kernel']!.length / 3;
    const trained = [0, 1, 2].map((t) =>
      gradients['levels.3.gates.kernel']!.slice(t * perTask, (t + 1) * perTask).some((value) => value !== 0),
    );
    expect(trained).toEqual([false, true, false]);
  });

  it('shows the means of its masks, in (0, 1) and different by task', () => {
    const model = tinyModel(mtan({ levels }));
    const masks = fusionWeights(model, tinyExamples(model, SIZE))[3]!.gated.flat();
    for (const mask of masks) expect(mask > 0 && mask < 1).toBe(true);
    expect(new Set(masks).size).toBe(3);
  });

  it("refuses what it doesn't know", () => {
    expect(() => mtan({ levels, hiden: 3 } as MtanOptions)).toThrow('Did you mean "hidden"?');
    expect(() => mtan({ levels, hidden: 0 })).toThrow('for mtan.hidden, received 0.');
  });
});
