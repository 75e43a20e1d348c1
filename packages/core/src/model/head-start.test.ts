import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { denseSchema, type Schema } from '../features/schema.ts';
import { fusion, defineNetwork } from '../fusion/network.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { startOf } from '../tasks/task-kind.ts';
import { multiTaskModel } from './model.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const none = defineNetwork('test.head-start', () => fusion([]));
const funnel = defineNetwork('test.head-start-funnel', () => fusion([], { finish: (logits) => logits }));

const tasks: Tasks = {
  rare: { kind: 'binary', fitted: { rate: 0.02 } },
  stars: { ...multiclass({ classes: ['a', 'b', 'c'] }), fitted: { shares: [0.7, 0.3, 0] } },
  hours: { kind: 'regression', fitted: { mean: 40, deviation: 12 } },
  plain: { kind: 'binary' },
};
const schema: Schema = denseSchema(4, tasks);
const zero = [{ x: [0, 0, 0, 0] }];

describe('heads', () => {
  it('start at the base rates that a fit has found', () => {
    const { rare, stars, hours } = multiTaskModel({ schema, network: none({}), seed: 3 }).predict(zero);
    expect(rare![0]).toBeCloseTo(0.02, 6);
    expect([...stars!].map((share) => Math.round(share * 1e4) / 1e4)).toEqual([0.7, 0.3, 0]);
    expect(hours![0]).toBe(40);
  });

  it('start as before without a fit, when asked to, and in a funnel, whose heads are no predictions', () => {
    const start = (model: ReturnType<typeof multiTaskModel>) => [
      ...model.store.get('heads.1.bias').variable.dataSync(),
    ];
    const random = start(multiTaskModel({ schema, network: none({}), headStart: 'random', seed: 3 }));
    expect(random.every((value) => Math.abs(value) <= 0.5)).toBe(true); // U(±1/√4)
    expect(start(multiTaskModel({ schema, network: funnel({}), seed: 3 }))).toEqual(random);
    const fitted = start(multiTaskModel({ schema, network: none({}), seed: 3 }));
    expect(fitted[2]).toBe(random[2]); // `plain` wasn't fitted
    expect(fitted[0]).toBeCloseTo(Math.log(0.02 / 0.98), 5);
  });

  it('take the weight of positive rows into account', () => {
    const [logit] = startOf({ ...binary({ positiveWeight: 49 }), fitted: { rate: 0.02 } })!;
    expect(logit).toBeCloseTo(0, 12); // yes and no weigh the same
    expect(startOf({ kind: 'binary', fitted: { rate: 0 } })![0]).toBeCloseTo(Math.log(1e-5), 4);
  });

  it('refuse another start', () => {
    const start = 'zero' as 'random';
    expect(() => multiTaskModel({ schema, network: none({}), headStart: start, seed: 3 })).toThrow(
      'Expected one of "base-rate", "random" for multiTaskModel.headStart, received "zero"',
    );
  });
});
