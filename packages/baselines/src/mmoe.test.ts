import { fusionWeights, type MultiTaskModel } from '@polytask/core';
import { linearExpert, mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { logitsOf, plain, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { mmoe } from './mmoe.ts';
import type { PooledLevelsOptions } from './levels.ts';

const { fuse, gateOf, heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const tanh = (width: number) => mlp([width], { activation: 'tanh' });

/** Eq. 6 to 8 level by level: every gate reads the network's input. */
function equation6(model: MultiTaskModel, pools: readonly number[]): Record<string, number[]> {
  let vectors: Rows[] = new Array<Rows>(pools[0]!).fill(tinyRows(SIZE));
  pools.forEach((pool, l) => {
    const experts = Array.from({ length: pool }, (_, e) => tanhLayer(model, `levels.${l}.experts.0`, e, vectors[e]!));
    const units = pools[l + 1] ?? model.taskNames.length;
    vectors = Array.from({ length: units }, (_, u) =>
      fuse(gateOf(model, `levels.${l}.gates`, u, tinyRows(SIZE)), experts),
    );
  });
  return heads(model, vectors);
}

const network = (...pools: number[]) => mmoe({ levels: pools.map((pool) => ({ experts: tanh(4), pool })) });

describe('mmoe', () => {
  it.each([[[4]], [[1]], [[4, 4]], [[2, 5]], [[3, 2, 4]]])('is eq. 6 to 8, with pools of %j', (pools) => {
    const model = tinyModel(network(...pools));
    const expected = equation6(model, pools);
    for (const [task, values] of Object.entries(logitsOf(model, SIZE))) {
      values.forEach((value, i) => expect(value).toBeCloseTo(expected[task]![i]!, 5));
    }
  });

  it("has a gate for each expert of the next level, as wide as the network's input at every level", () => {
    const model = tinyModel(
      mmoe({
        levels: [
          { experts: tanh(7), pool: 2 },
          { experts: tanh(4), pool: 5 },
        ],
      }),
    );
    expect(model.store.get('levels.0.gates.kernel').variable.shape).toEqual([5, 3, 2]);
    expect(model.store.get('levels.1.gates.kernel').variable.shape).toEqual([3, 3, 5]);
  });

  it('shows weights that sum to 1, over experts that belong to no task', () => {
    const model = tinyModel(network(4, 2));
    const levels = fusionWeights(model, tinyExamples(model, SIZE));
    expect(levels.map(({ outputs }) => outputs)).toEqual([
      ['pool0', 'pool1'],
      ['a', 'b', 'c'],
    ]);
    levels
      .flatMap(({ gated }) => gated)
      .forEach((row) => expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5));
    expect(levels[0]!.experts.every(({ kind }) => kind === 'pool')).toBe(true);
    expect(levels.every(({ constant }) => constant.flat().every((weight) => weight === 0))).toBe(true);
  });

  it('lets experts of several kinds take turns in the pool', () => {
    const model = tinyModel(mmoe({ levels: [{ experts: [tanh(4), linearExpert({ units: 4 })], pool: 5 }] }));
    expect(model.store.get('levels.0.experts.0.0.kernel').variable.shape[0]).toBe(3);
    expect(model.store.get('levels.0.experts.1.kernel').variable.shape[0]).toBe(2);
  });

  it('takes a gate with hidden layers; one that reads units has nothing to read where tasks have no lane', () => {
    const level = (reads: 'unit' | 'raw') => ({ experts: tanh(4), pool: 2, gate: softmaxGate({ reads, hidden: [5] }) });
    const model = tinyModel(mmoe({ levels: [level('raw'), level('raw')] }));
    expect(model.store.get('levels.1.gates.hidden0.kernel').variable.shape).toEqual([3, 3, 5]);
    const wrong = tinyModel(mmoe({ levels: [level('raw'), level('unit')] }));
    expect(() => logitsOf(wrong, SIZE)).toThrow(
      'Expected unit "a" to have a vector for its gate to read at levels.1.gates, received lanes pool0, pool1. ' +
        "Pass reads: 'raw' to the gate.",
    );
  });

  it.each<[unknown, string]>([
    [{ levels: [] }, 'Expected a list of 1 or more for mmoe.levels, received [].'],
    [
      { levels: [{ experts: tanh(4) }] },
      'Expected a whole number of 1 or more for mmoe.levels[0].pool, received nothing.',
    ],
    [{ levels: [{ experts: tanh(4), pool: 0 }] }, 'for mmoe.levels[0].pool, received 0.'],
    [{ levels: [{ experts: tanh(4), pool: 2.5 }] }, 'for mmoe.levels[0].pool, received 2.5.'],
    [
      { levels: [{ experts: tanh(4), pol: 2 }] },
      'Expected an option of mmoe.levels[0], received "pol". Did you mean "pool"?',
    ],
    [{ experts: tanh(4), pool: 2 }, 'Expected an option of mmoe, received "experts".'],
  ])('refuses %j', (config, message) => {
    expect(() => mmoe(config as PooledLevelsOptions)).toThrow(message);
  });
});
