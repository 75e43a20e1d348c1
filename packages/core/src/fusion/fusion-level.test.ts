import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { tinyExpert } from '../testing/tiny.ts';
import { sumGates } from '../model/fusion-weights.ts';
import { createFusionLevel, type FusionLevelDeclaration } from './fusion-level.ts';
import { defineGate } from './gate.ts';
import { ownUnits, poolUnits, sharedUnit } from './units.ts';

const half = defineGate('test-half', ({ mask }) => ({ reads: 'nothing', apply: () => tf.mul(mask, 0.5) }));
const flat = defineGate('test-flat', ({ experts }) => ({ reads: 'unit', apply: () => tf.ones([2, experts]) }));

const level = (config: Partial<FusionLevelDeclaration> = {}) => {
  const units = [...ownUnits(['a', 'b'], 2), ...sharedUnit(1)];
  const store = new ParameterStore(7);
  const built = createFusionLevel(store, {
    units,
    experts: tinyExpert({ units: 4 }),
    outputs: ['a', 'b'],
    gate: half(),
    path: 'l',
    lanes: new Map((config.units ?? units).map(({ name }) => [name, 3])),
    rawDim: 3,
    ...config,
  });
  const lanes = new Map(
    [...built.experts.map(({ unit }) => unit), 'a', 'b'].map((name) => [name, tf.ones([5, 3]) as tf.Tensor2D]),
  );
  const call = { training: false, raw: tf.ones([5, 3]) as tf.Tensor2D, addLoss: () => undefined };
  return { store, level: built, apply: () => built.apply(lanes, call), weights: () => built.weights(lanes, call) };
};

describe('a fusion level', () => {
  it('adds experts up by W', () => {
    const { apply, store } = level({
      gate: half({
        sees: [
          [1, 0, 0, 0, 1],
          [0, 0, 1, 0, 0],
        ],
      }),
    });
    const outputs = tf.tanh(
      tf.add(tf.sum(store.get('l.experts.kernel').variable, 1, true), store.get('l.experts.bias').variable),
    );
    const [e0, , e2, , e4] = outputs.arraySync() as number[][][]; // [expert][1][4]: all inputs are ones
    const next = apply();
    const close = (got: number[][], expected: number[]) =>
      expected.forEach((value, i) => expect(got[3]![i]).toBeCloseTo(value, 5));
    close(
      next.get('a')!.arraySync(),
      e0![0]!.map((value, i) => 0.5 * value + 0.5 * e4![0]![i]!),
    );
    close(
      next.get('b')!.arraySync(),
      e2![0]!.map((value) => 0.5 * value),
    );
  });

  it("gives weights that are the caller's own: a disposed one doesn't harm the level", () => {
    const { weights } = level();
    sumGates(weights()).constant!.dispose();
    expect(sumGates(weights()).constant!.arraySync()).toHaveLength(2);
  });

  it('lets a list of experts take turns in each unit, and in a pool as if it were one unit', () => {
    const kinds = [tinyExpert({ units: 4 }), tinyExpert({ units: 4, dropout: 0.5 })];
    const members = (units: FusionLevelDeclaration['units']) => {
      const { store } = level({ units, experts: kinds, gate: half({ sees: 'all' }) });
      return ['l.experts.0.kernel', 'l.experts.1.kernel'].map((name) => store.get(name).variable.shape[0]);
    };
    expect(members([...ownUnits(['a', 'b'], [1, 3]), ...sharedUnit(2)])).toEqual([4, 2]); // a0 b0 b2 s0; b1 s1
    expect(members(poolUnits(5))).toEqual([3, 2]);
  });

  it('refuses kinds of expert that no place would have, and a list of none', () => {
    const kinds = [
      tinyExpert({ units: 4 }),
      tinyExpert({ units: 4, dropout: 0.1 }),
      tinyExpert({ units: 4, dropout: 0.2 }),
    ];
    expect(() => level({ experts: kinds })).toThrow(
      'Expected no more kinds of expert at l than a unit has experts, 2, received 3.',
    );
    expect(() => level({ experts: [] })).toThrow('Expected a list of 1 or more for l.experts, received [].');
  });

  it('says when a gate gives something else than weights', () => {
    expect(() => level({ gate: flat() }).apply()).toThrow(
      'Expected gate "test-flat" to give [2,5,5], units × rows × experts, received [2,5].',
    );
  });
});
