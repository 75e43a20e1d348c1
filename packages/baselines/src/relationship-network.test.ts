import { lossesOf } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { auxiliaryOf, expectClose, logitsOf, plain, read, tinyModel, tinyRows, write } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { relationshipNetwork, type RelationshipNetworkOptions, taskCovariance } from './relationship-network.ts';
import { singleTask } from './single-task.ts';

const { heads, tanhLayer } = plain;

const SIZE = 6;
const layer = (width: number) => ({ experts: mlp([width], { activation: 'tanh' }) });

/** L of the parameter: strictly lower as it is, the diagonal by its exponential. */
const factorOf = (raw: number[][]) =>
  raw.map((row, r) => row.map((value, c) => (r === c ? Math.exp(value) : r > c ? value : 0)));
const product = (a: number[][], b: number[][]) =>
  a.map((row) => b[0]!.map((_, c) => row.reduce((sum, value, k) => sum + value * b[k]![c]!, 0)));
const transposed = (a: number[][]) => a[0]!.map((_, c) => a.map((row) => row[c]!));
const precision = (l: number[][]) => product(transposed(l), l);
const values = (size: number, of: (i: number) => number) => Array.from({ length: size }, (_, i) => of(i));

describe('relationshipNetwork', () => {
  it("is shared layers and layers of each task's own, in plain loops", () => {
    const model = tinyModel(relationshipNetwork({ shared: [layer(5)], levels: [layer(4), layer(3)] }));
    const shared = tanhLayer(model, 'levels.0.experts.0', 0, tinyRows(SIZE));
    const vectors = [0, 1, 2].map((t) =>
      tanhLayer(model, 'levels.2.experts.0', t, tanhLayer(model, 'levels.1.experts.0', t, shared)),
    );
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
  });

  it('adds −log of the tensor-normal density, by the whole Kronecker product of precisions', () => {
    const model = tinyModel(relationshipNetwork({ levels: [layer(2)], prior: 0.7 }));
    const path = 'levels.0.tensor-normal.0.kernel';
    for (const [name, side] of [
      ['task', 3],
      ['input', 3],
      ['output', 2],
    ] as const) {
      write(
        model,
        `${path}.${name}`,
        values(side * side, (i) => 0.4 * Math.sin(3 * i + side)),
      );
    }
    const l = ['task', 'input', 'output'].map((name) => factorOf(read<number[][]>(model, `${path}.${name}`)));
    const omega = l.map(precision);
    const w = read<number[][][]>(model, 'levels.0.experts.0.kernel').flatMap((task, t) =>
      task.flatMap((row, i) => row.map((value, o) => ({ value, at: [t, i, o] }))),
    );
    let quadratic = 0; // vec(W)ᵀ (Ω ⊗ Ω ⊗ Ω) vec(W)
    for (const a of w)
      for (const b of w)
        quadratic += a.value * b.value * omega.reduce((part, each, mode) => part * each[a.at[mode]!]![b.at[mode]!]!, 1);
    const logDeterminant = l.reduce(
      (sum, factor) => sum + (18 / factor.length) * factor.reduce((logs, row, r) => logs + 2 * Math.log(row[r]!), 0),
      0,
    );
    const ridge = omega.reduce(
      (sum, each) => sum + 0.1 * (18 / each.length) * each.reduce((trace, row, r) => trace + row[r]!, 0),
      0,
    );
    expect(auxiliaryOf(model)['tensor-normal']).toBeCloseTo((0.7 * 0.5 * (quadratic - logDeterminant + ridge)) / 18, 5);
  });

  it('gives the covariance of the tasks back: the inverse of what the prior has', () => {
    const model = tinyModel(relationshipNetwork({ levels: [layer(2), layer(2)] }));
    write(
      model,
      'levels.1.tensor-normal.0.kernel.task',
      values(9, (i) => 0.3 * Math.cos(2 * i)),
    );
    const [first, second] = taskCovariance(model);
    expect([first!.of, second!.of]).toEqual(['levels.0.0.kernel', 'levels.1.0.kernel']);
    expect(first!.covariance).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const identity = product(
      second!.covariance,
      precision(factorOf(read<number[][]>(model, 'levels.1.tensor-normal.0.kernel.task'))),
    );
    identity.forEach((row, r) => row.forEach((value, c) => expect(value).toBeCloseTo(r === c ? 1 : 0, 5)));
    second!.correlation.forEach((row, r) => expect(row[r]).toBeCloseTo(1, 6));
  });

  it(
    "learns which tasks are alike: two with the same labels correlate, one with the opposite doesn't",
    { tags: ['long'] },
    () => {
      const model = tinyModel(relationshipNetwork({ levels: [layer(6)], prior: 0.3 }));
      for (const name of ['kernel', 'bias']) {
        // heads that are alike, so that equal tasks want equal layers
        const head = read<number[][][]>(model, `heads.${name}`)[0]!.flat();
        write(model, `heads.${name}`, [...head, ...head, ...head]);
      }
      const x = tinyRows(32);
      const up = x.map((row) => Number(row[0]! + row[1]! > 0));
      const trained = model.store
        .trainable()
        .filter(({ name }) => !name.startsWith('heads'))
        .map(({ variable }) => variable);
      const optimizer = tf.train.adam(0.05);
      for (let step = 0; step < 120; step++) {
        tf.tidy(() => {
          const labels = tf.tensor2d([up, up, up.map((label) => 1 - label)]);
          const batch = {
            ...model.toTensors(model.encode(x.map((row) => ({ x: row })))),
            labels,
            weights: tf.ones<tf.Rank.R2>([3, 32]),
          };
          optimizer.minimize(() => lossesOf(model, batch, { training: true }).total, false, trained);
        });
      }
      const { correlation } = taskCovariance(model)[0]!;
      expect(correlation[0]![1]).toBeGreaterThan(0.2);
      expect(correlation[0]![2]).toBeLessThan(-0.2);
      expect(correlation[1]![2]).toBeLessThan(-0.2);
    },
  );

  it("refuses what it doesn't know, and a model without the prior", () => {
    expect(() =>
      relationshipNetwork({ levels: [layer(2)], priors: 1 } as unknown as RelationshipNetworkOptions),
    ).toThrow('Did you mean "prior"?');
    expect(() => taskCovariance(tinyModel(singleTask({ levels: [layer(2)] })))).toThrow(
      'Expected a model whose tasks have a tensor-normal prior, received "single-task".',
    );
  });
});
