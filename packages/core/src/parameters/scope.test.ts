import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { constant, fanInUniform, glorotUniform, heNormal, normal, ones, uniform, zeros } from './initializers.ts';
import { streamCounters, ParameterStore } from './parameter-store.ts';
import { createScope } from './scope.ts';
import { randomStream } from '../random/random.ts';

let store = new ParameterStore(7);
afterEach(() => {
  store.dispose();
  store = new ParameterStore(7);
});

describe('a scope', () => {
  it('names parameters by their path', () => {
    createScope(store, 'towers').child('0').weight('kernel', [3, 2]);
    expect(store.all().map((parameter) => parameter.name)).toEqual(['towers.0.kernel']);
  });

  it('gives a bank a leading axis, and vectors one to broadcast over the batch', () => {
    const bank = createScope(store, 'experts', { members: ['a', 'b', 'c'] });
    expect(bank.weight('kernel', [4, 2]).shape).toEqual([3, 4, 2]);
    expect(bank.bias('bias', 2).shape).toEqual([3, 1, 2]);
    expect(createScope(store, 'one').bias('bias', 2).shape).toEqual([2]);
  });

  it('starts member m of a bank as a single module of that name, in child scopes too', () => {
    const bank = createScope(store, 'experts', { members: ['income.0', 'income.1'] })
      .child('0')
      .weight('kernel', [4, 2]);
    const single = createScope(store, 'experts.income.1').child('0').weight('kernel', [4, 2]);
    expect(bank.dataSync().slice(8)).toEqual(single.dataSync());
    expect(bank.dataSync().slice(0, 8)).not.toEqual(single.dataSync());
  });

  it("doesn't change a parameter's start when others come before it", () => {
    const alone = createScope(store, 'a').weight('kernel', [3, 3]).dataSync();
    const other = new ParameterStore(7);
    createScope(other, 'z').weight('kernel', [5, 5]);
    expect(createScope(other, 'a').weight('kernel', [3, 3]).dataSync()).toEqual(alone);
    other.dispose();
  });

  it('keeps dead entries at zero and out of the count', () => {
    const columns = {
      names: ['x', 'y'],
      live: [
        [true, false],
        [true, true],
      ],
    };
    const kernel = createScope(store, 'gate', { members: ['a', 'b'], columns }).weight('kernel', [3, 2], ones());
    expect([...kernel.dataSync()]).toEqual([1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]);
    expect(store.count()).toBe(9);
  });

  it('starts a named column with the same numbers, wherever it stands', () => {
    const other = new ParameterStore(7);
    const kernel = (of: ParameterStore, names: string[]) =>
      createScope(of, 'gate', { members: ['a'], columns: { names, live: [[true, true]] } })
        .weight('kernel', [2, 2])
        .dataSync();
    const [forth, back] = [kernel(store, ['x', 'y']), kernel(other, ['y', 'x'])];
    expect([back[1], back[0], back[3], back[2]]).toEqual([...forth]);
    expect(forth[0]).not.toBe(forth[1]);
    other.dispose();
  });

  it('refuses a name twice, and a seed that is none', () => {
    createScope(store, 'a').weight('kernel', [1, 1]);
    expect(() => createScope(store, 'a').weight('kernel', [1, 1])).toThrow('received "a.kernel" twice');
    expect(() => new ParameterStore(1.5)).toThrow('Expected a whole number for the seed, received 1.5');
    expect(() => store.get('a.kernal')).toThrow('Did you mean "a.kernel"?');
  });

  it('counts trained numbers alone, and frees everything', () => {
    const before = tf.memory().numTensors;
    const scope = createScope(store, 'a');
    scope.weight('kernel', [2, 3]);
    scope.buffer('mean', 3);
    scope.constant([1, 2], [2]);
    expect(store.count()).toBe(6);
    store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('restores streams to where they stood', () => {
    store.stream('a').uniform(1);
    const counters = streamCounters(store);
    const next = store.stream('a').uniform(4);
    store.restoreStreams(counters);
    expect(store.stream('a').uniform(4)).toEqual(next);
  });
});

describe('initializers', () => {
  const draw = (init: ReturnType<typeof zeros>, shape = [400, 100]) => init(shape, randomStream(3, 'x'), 0);
  const deviation = (values: Float32Array) => Math.sqrt(values.reduce((s, v) => s + v * v, 0) / values.length);
  it.each([
    ['uniform', uniform(0.05), 0.05 / Math.sqrt(3)],
    ['normal', normal(2), 2],
    ['fanInUniform', fanInUniform(), 1 / Math.sqrt(400) / Math.sqrt(3)],
    ['glorotUniform', glorotUniform(), Math.sqrt(6 / 500) / Math.sqrt(3)],
    ['heNormal', heNormal(), Math.sqrt(2 / 400)],
    ['ones', ones(), 1],
    ['constant', constant(-3), 3],
    ['zeros', zeros(), 0],
  ])('%s has its standard deviation', (_, init, expected) => {
    expect(deviation(draw(init)) / (expected || 1)).toBeCloseTo(expected ? 1 : 0, 1);
  });
});
