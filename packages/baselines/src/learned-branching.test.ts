import { fusionWeights, sumGates } from '@polytask/core';
import { mlp } from '@polytask/experts';
import {
  expectClose,
  logitsOf,
  plain,
  read,
  tinyBatch,
  tinyExamples,
  tinyModel,
  tinyRows,
  trainTiny,
} from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { learnedBranching, type LearnedBranchingOptions } from './learned-branching.ts';

const { heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const experts = mlp([4], { activation: 'tanh' });
const config: LearnedBranchingOptions = {
  levels: [
    { experts, nodes: 2 },
    { experts, nodes: 3 },
  ],
  temperature: 2,
  decay: 0.95,
};

describe('learnedBranching', () => {
  it('is a tree outside of training: each node has the one parent that is likeliest, in plain loops', () => {
    const model = tinyModel(learnedBranching(config));
    trainTiny(model, { steps: 30, rate: 0.05 });
    let vectors: Rows[] = [0, 1].map(() => tinyRows(SIZE));
    for (const l of [0, 1]) {
      const nodes = vectors.map((x, n) => tanhLayer(model, `levels.${l}.experts.0`, n, x));
      const scores = read<Rows[]>(model, `levels.${l}.gates.scores`).map((rows) => rows[0]!);
      vectors = scores.map((row) => nodes[row.indexOf(Math.max(...row))]!);
    }
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
    for (const { constant } of fusionWeights(model, tinyExamples(model, SIZE))) {
      for (const row of constant) expect(row.toSorted()).toEqual([...row.slice(1).map(() => 0), 1]);
    }
  });

  it('draws parents in training, more decided as it cools', () => {
    const model = tinyModel(learnedBranching(config));
    const { raw, lanes } = model.input(model.toTensors(tinyBatch(model, 4)));
    const decided = () => {
      const call = { training: true, raw, addLoss: () => undefined };
      return tf.tidy(
        () => tf.mean(tf.max(sumGates(model.network.levels[1]!.weights(lanesOf(), call)).constant!, 2)).dataSync()[0]!,
      );
    };
    const lanesOf = () => new Map([...lanes, ['pool2', raw] as const]);
    const first = decided();
    expect(first).toBeLessThan(0.75);
    for (let step = 0; step < 80; step++) decided();
    expect(decided()).toBeGreaterThan(first + 0.15);
  });

  it('may begin with a level of one node', () => {
    const model = tinyModel(
      learnedBranching({
        levels: [
          { experts, nodes: 1 },
          { experts, nodes: 3 },
        ],
      }),
    );
    expect(Object.values(logitsOf(model, SIZE)).flat().every(Number.isFinite)).toBe(true);
    model.dispose();
  });

  it('is a chain for a single task, as the variant of comparisons declares it', () => {
    const model = tinyModel(learnedBranching({ levels: [{ experts, nodes: 1 }] }), { tasks: ['a'] });
    const vector = tanhLayer(model, 'levels.0.experts.0', 0, tinyRows(SIZE));
    expectClose(logitsOf(model, SIZE), heads(model, [vector]));
    model.dispose();
  });

  it("refuses what it doesn't know", () => {
    expect(() => learnedBranching({ ...config, levels: [{ experts, nodes: 0 }] })).toThrow(
      'for learned-branching.levels[0].nodes, received 0.',
    );
    expect(() => learnedBranching({ ...config, decay: 2 })).toThrow('for learned-branching.decay, received 2.');
  });
});
