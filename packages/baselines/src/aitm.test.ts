import { mlp } from '@polytask/experts';
import {
  auxiliaryOf,
  expectClose,
  gradientsOf,
  logitsOf,
  plain,
  read,
  tinyModel,
  tinyRows,
  write,
} from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { aitm, type AitmOptions } from './aitm.ts';
import { linearLayer } from './testing/oracle.ts';

const { affine, heads, sigmoid, softmax, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const levels = [{ experts: mlp([4], { activation: 'tanh' }) }];
const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('aitm', () => {
  it('hands each step attention between what is sent to it and its own, in plain loops', () => {
    const model = tinyModel(aitm({ levels, funnel: ['b', 'c', 'a'] }));
    const vectors = [0, 1, 2].map((t) => tanhLayer(model, 'levels.0.experts.0', t, tinyRows(SIZE)));
    const transfer = (l: number, from: number, to: number) => {
      const vectorsOfStep = [linearLayer(model, `levels.${l}.experts`, 0, vectors[from]!), vectors[to]!]; // p and q
      const [h2, h3] = ['key', 'query'].map((name) => read<Rows[]>(model, `levels.${l + 1}.gates.${name}`)[0]!);
      const none = [0, 0, 0, 0];
      const scores = vectorsOfStep.map((u) => {
        const [k, q] = [affine(u, h2!, none), affine(u, h3!, none)];
        return k.map((row, r) => dot(row, q[r]!) / Math.sqrt(4));
      });
      const values = vectorsOfStep.map((u) => linearLayer(model, `levels.${l + 2}.experts`, 0, u)); // h1 of each, then mixed
      vectors[to] = values[0]!.map((row, r) => {
        const [p, q] = softmax(scores.map((each) => each[r]!));
        return row.map((value, c) => p! * value + q! * values[1]![r]![c]!);
      });
    };
    transfer(1, 1, 2); // b to c
    transfer(4, 2, 0); // c to a
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
  });

  it('adds the calibration: how far a step is likelier than the one before', () => {
    const model = tinyModel(aitm({ levels, funnel: ['a', 'b', 'c'], calibration: 0.5 }));
    write(model, 'heads.bias', [0, 1, 0]);
    const logits = logitsOf(model, 16);
    const chances = ['a', 'b', 'c'].map((task) => logits[task]!.map(sigmoid));
    const above = [1, 2].map(
      (t) => chances[t]!.reduce((sum, p, r) => sum + Math.max(0, p - chances[t - 1]![r]!), 0) / 16,
    );
    expect(above[0]).toBeGreaterThan(0.05);
    expect(auxiliaryOf(model)['calibration']).toBeCloseTo(0.5 * (above[0]! + above[1]!), 5);
    expect(auxiliaryOf(tinyModel(aitm({ levels, funnel: ['a', 'b'], calibration: 0 })))).toEqual({});
  });

  it("a later step trains the earlier ones' networks, an earlier one not the later ones'", () => {
    const trained = (task: string) => {
      const gradient = gradientsOf(tinyModel(aitm({ levels, funnel: ['a', 'b', 'c'] })), 16, task)[
        'levels.0.experts.0.kernel'
      ]!;
      return [0, 1, 2].map((t) => gradient.slice(12 * t, 12 * t + 12).some((value) => value !== 0));
    };
    expect(trained('c')).toEqual([true, true, true]);
    expect(trained('a')).toEqual([true, false, false]);
  });

  it('refuses a funnel of other tasks, and an unknown option', () => {
    expect(() => tinyModel(aitm({ levels, funnel: ['a', 'x'] }))).toThrow(
      'Expected aitm.funnel to name tasks of the model',
    );
    expect(() => aitm({ levels, funnel: ['a', 'b'], calibrate: 1 } as unknown as AitmOptions)).toThrow(
      'Did you mean "calibration"?',
    );
  });
});
