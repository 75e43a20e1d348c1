import { binary, denseSchema, labelsOf, lossesOf, multiTaskModel } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { auxiliaryOf, expectClose, gradientsOf, logitsOf, tinyBatch, tinyModel } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { escm2, type Escm2Options } from './counterfactual.ts';
import { esmm } from './funnel.ts';
import { funnelRows, logLossOf, type FunnelRow } from './testing/oracle.ts';

const levels = [{ experts: mlp([4], { activation: 'tanh' }) }];
const funnel = ['b', 'a', 'c'];
const model = (more: Partial<Escm2Options> = {}) => tinyModel(escm2({ levels, funnel, ...more }));
const mean = (rows: readonly FunnelRow[], of: (row: FunnelRow) => number) =>
  rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
const softplus = (x: number) => Math.log1p(Math.exp(x));

describe('escm2', () => {
  it('predicts as ESMM does, from the same start', () => {
    const expected = logitsOf(tinyModel(esmm({ levels, funnel })), 6);
    for (const estimator of ['ips', 'dr'] as const) expectClose(logitsOf(model({ estimator }), 6), expected);
  });

  it.each([15, 1.5])('adds the loss by inverse propensities of at most %d, in plain loops', (clip) => {
    const tiny = model({ counterfactual: 0.3, clip });
    const loss = (rows: readonly FunnelRow[]) =>
      mean(
        rows,
        ({ reached, propensity, chance, label }) => reached * Math.min(1 / propensity, clip) * logLossOf(chance, label),
      );
    const expected = funnelRows(tiny, funnel).map(loss);
    expect(Math.min(...expected)).toBeGreaterThan(0.05);
    expect(auxiliaryOf(tiny)).toEqual({
      counterfactual: expect.closeTo(0.3 * (expected[0]! + expected[1]!), 5) as number,
    });
  });

  it('adds the doubly robust loss with the loss of the imputed errors, in plain loops', () => {
    const tiny = model({ estimator: 'dr', counterfactual: 1 });
    const loss = (rows: readonly FunnelRow[]) =>
      mean(rows, ({ reached, propensity, chance, label, auxiliary }) => {
        const [error, imputed] = [logLossOf(chance, label), softplus(auxiliary)];
        return imputed + (reached * (error - imputed + (imputed - error) ** 2)) / propensity;
      });
    const [first, second] = funnelRows(tiny, funnel).map(loss);
    expect(auxiliaryOf(tiny)['counterfactual']).toBeCloseTo(first! + second!, 4);
  });

  it('trains no propensity by the counterfactual loss, and no imputation by the loss of a task', () => {
    const difference = (more: Partial<Escm2Options>) => {
      const [none, some] = [0, 1].map(
        (counterfactual) => gradientsOf(model({ ...more, counterfactual }))['heads.kernel']!,
      );
      return some!.map((value, i) => value - none![i]!);
    };
    const moved = (gradient: readonly number[]) =>
      Array.from({ length: gradient.length / 4 }, (_, head) =>
        gradient.slice(4 * head, 4 * head + 4).some((x) => Math.abs(x) > 1e-6),
      );
    expect(moved(difference({ funnel: ['b', 'a'] }))).toEqual([true, false, false]); // tasks a, b, c
    expect(moved(difference({ funnel: ['b', 'a'], estimator: 'dr' }))).toEqual([true, false, false, true]);
    expect(moved(gradientsOf(model({ estimator: 'dr' }), 16, 'a')['heads.kernel']!).slice(3)).toEqual([false, false]);
  });

  it('leaves out rows without a label of the step or of the previous one', () => {
    const tiny = model({ funnel: ['a', 'b'], counterfactual: 1 });
    const batch = tinyBatch(tiny, 16);
    labelsOf(batch, 'a').weights.fill(0, 0, 4);
    labelsOf(batch, 'b').weights.fill(0, 4, 8);
    const known = funnelRows(tiny, ['a', 'b'])[0]!.slice(8);
    const expected = mean(
      known,
      ({ reached, propensity, chance, label }) => (reached / propensity) * logLossOf(chance, label),
    );
    tf.tidy(() => {
      const { auxiliary } = lossesOf(tiny, tiny.toTensors(batch));
      expect(auxiliary['counterfactual']!.dataSync()[0]).toBeCloseTo(expected, 5);
    });
  });

  it('gives each member of a model the labels of the batch', () => {
    const network = escm2({ levels, funnel: ['a', 'b'], counterfactual: 1 });
    const schema = denseSchema(3, { a: binary(), b: binary(), c: binary() });
    const members = multiTaskModel({ schema, network, members: 2, seed: 7 });
    const { kernel, bias } = { kernel: members.store.get('heads.kernel'), bias: members.store.get('heads.bias') };
    for (const { variable } of [kernel, bias]) variable.assign(tf.zerosLike(variable)); // ô = r̂ = 1/2
    const reached = labelsOf(tinyBatch(members, 16), 'a').labels.reduce((sum, label) => sum + label, 0) / 16;
    expect(reached).toBeGreaterThan(0.1);
    expect(auxiliaryOf(members)['counterfactual']).toBeCloseTo(reached * 2 * Math.log(2), 5);
  });

  it('refuses a funnel of other tasks, and options out of range', () => {
    expect(() => model({ funnel: ['a', 'x'] })).toThrow('Expected escm2.funnel to name tasks of the model');
    expect(() => model({ clip: 0.5 })).toThrow('a number of 1 or more for escm2.clip, received 0.5');
    expect(() => model({ estimator: 'snips' as 'ips' })).toThrow('Expected one of "ips", "dr" for escm2.estimator');
  });
});
