import { binary, embed, multiTaskModel, sharesLayers, sumGates, type Schema } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { expectClose, logitsOf, plain, tinyModel, tinyRows } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { pepnet, type PepnetOptions } from './pepnet.ts';
import { maskOf } from './testing/oracle.ts';

const { heads, tanhLayer } = plain;

const SIZE = 6;
const levels = [4, 4].map((width) => ({ experts: mlp([width], { activation: 'tanh' }) }));
const schema: Schema = {
  features: {
    tab: { kind: 'categorical', vocabulary: ['home', 'search'] },
    user: { kind: 'hashed', buckets: 5 },
    price: { kind: 'numeric', mean: 0, deviation: 1 },
  },
  tasks: { a: binary(), b: binary() },
};
const people = (config: Partial<PepnetOptions>, context?: readonly string[]) =>
  multiTaskModel({
    schema: { ...schema, ...(context && { context }) },
    network: pepnet({ levels, hidden: 5, ...config }),
    input: embed({ dimension: 2, start: 'pytorch' }),
    seed: 7,
  });

describe('pepnet', () => {
  it('gates each layer of each task by 2σ of the input, feature by feature: in plain loops', () => {
    const model = tinyModel(pepnet({ levels, hidden: 5 }));
    const vectors = [0, 1, 2].map((t) =>
      [0, 1].reduce((x, l) => {
        const gate = maskOf(model, `levels.${l}.gates`, t, tinyRows(SIZE), 3, t);
        return tanhLayer(model, `levels.${l}.experts.0`, t, x).map((row, r) =>
          row.map((value, c) => 2 * gate[r]![c]! * value),
        );
      }, tinyRows(SIZE)),
    );
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
  });

  it("has an EPNet before them when it is given the domain's features", () => {
    expect(people({}).network.levels).toHaveLength(2);
    const model = people({ domain: ['tab'], prior: ['user', 'price'] });
    expect(model.network.levels).toHaveLength(3);
    // the features, beside the whole input of 1 + 2 × 2 values
    expect(model.store.get('levels.0.gates.hidden0.kernel').variable.shape).toEqual([1, 2 + 5, 5]);
    expect(model.store.get('levels.1.gates.hidden0.kernel').variable.shape).toEqual([2, 3 + 5, 5]);
  });

  it('gates the input by the contexts of the schema, unless it is given other features', () => {
    const rows = ['home', 'search', 'else', null].map((tab, i) => ({ tab, user: `u${i}`, price: i }));
    const [named, inContext] = [people({ domain: ['tab'] }), people({}, ['tab'])];
    expect(inContext.network.levels).toHaveLength(3);
    expect(inContext.predict(rows)).toEqual(named.predict(rows));
    const [none, others] = [people({ domain: [] }, ['tab']), people({ domain: ['user'] }, ['tab'])];
    expect(none.predict(rows)).toEqual(people({}).predict(rows));
    expect(others.predict(rows)).toEqual(people({ domain: ['user'] }).predict(rows));
  });

  it('shares layers by its EPNet alone', () => {
    const shares = (contexts?: string[]) => sharesLayers(pepnet({ levels }), ['a', 'b'], contexts);
    expect([shares(), shares(['tab'])]).toEqual([false, true]);
  });

  it('gates start near 1, in (0, 2)', () => {
    const model = people({ prior: ['user'] });
    const features = model.toTensors(model.encode([{ tab: 'home', user: 'u', price: 0.4 }]));
    const { lanes, raw } = model.input(features);
    const { gated } = sumGates(
      model.network.levels[0]!.weights(lanes, { training: false, raw, addLoss: () => undefined }),
    );
    const own = gated!.dataSync().filter((weight) => weight !== 0);
    for (const weight of own) expect(Math.abs(weight - 1)).toBeLessThan(0.8);
  });

  it('sends gradients through its gates to the features that it names, and to nothing else', () => {
    const throughGates = (prior: string[]) => {
      const model = people({ prior });
      // with experts that give a constant, the embeddings matter to the gates of the first level alone
      for (const l of [0, 1])
        model.store
          .get(`levels.${l}.experts.0.kernel`)
          .variable.assign(tf.zerosLike(model.store.get(`levels.${l}.experts.0.kernel`).variable));
      const table = model.store.get('input.table').variable;
      return tf.tidy(() => {
        const batch = model.toTensors(model.encode([{ tab: 'home', user: 'u', price: 0.4 }]));
        const sum = () => tf.sum(model.forward(batch).logits['a']!) as tf.Scalar;
        const rows = tf.variableGrads(sum, [table]).grads[table.name]!.arraySync() as number[][];
        return rows.map((row) => row.some((value) => value !== 0));
      });
    };
    const [tab, user] = [throughGates(['tab']), throughGates(['user'])];
    expect([tab.indexOf(true), tab.filter(Boolean).length]).toEqual([2, 1]); // `home`, after unknown and missing
    expect([user.indexOf(true) >= 4, user.filter(Boolean).length]).toEqual([true, 1]);
  });

  it("refuses what it doesn't know", () => {
    expect(() => people({ prior: ['usr'] })).toThrow('received "usr". Did you mean "user"?');
    expect(() => pepnet({ levels, domains: ['tab'] } as unknown as PepnetOptions)).toThrow('Did you mean "domain"?');
    expect(() => pepnet({ levels, prior: [] })).toThrow('Expected a list of 1 or more for pepnet.prior, received [].');
  });
});
