import { binary, multiclass, multiTaskModel, randomStream, type Batch } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { growTrees } from '../testing/grow-trees.ts';
import { gradientBoosting } from './boosted-trees.ts';
import { walkedTrees } from './tree-arrays.ts';

beforeAll(() => tf.setBackend('cpu'));

const schema = {
  features: {
    x: { kind: 'numeric', mean: 0, deviation: 1 },
    tab: { kind: 'categorical', vocabulary: Array.from({ length: 40 }, (_, i) => `t${i}`) },
  },
  tasks: { click: binary(), stars: multiclass({ classes: ['one', 'two', 'three'] }) },
} as const;
const OPTIONS = { numIterations: 12, numLeaves: 7, minDataInLeaf: 5, minDataPerGroup: 1, catSmooth: 1 } as const;

test('loops over plain numbers give the logits of tensors: before training, after it, and after another one', async () => {
  const model = multiTaskModel({ schema, ...gradientBoosting(OPTIONS), seed: 7 });
  const rowsOf = (seed: number) => {
    const [x, tab] = ['x', 'tab'].map((name) => randomStream(seed, name).uniform(200));
    return Array.from({ length: 200 }, (_, row) => ({
      x: row % 9 === 0 ? null : 4 * x![row]!,
      tab: row % 11 === 0 ? 'new' : `t${Math.floor(40 * tab![row]!)}`,
    }));
  };
  const train = async (seed: number) => {
    const encoded = model.encode(rowsOf(seed));
    const clicks = rowsOf(seed).map(({ x, tab }) => Number((x ?? 1) + Number(tab.slice(1)) / 20 > 2));
    const stars = rowsOf(seed).map(({ tab }) => (Number(tab.slice(1)) || 0) % 3);
    const labels = Float32Array.from([...clicks, ...stars]);
    const batch: Batch = { ...encoded, tasks: ['click', 'stars'], labels, weights: labels.map(() => 1) };
    await growTrees(model, batch);
  };
  const { network } = model;
  /** The sums of the trees, by loops and by tensors. */
  const alike = async () => {
    let [bins, wanted]: [Float32Array, number[][]] = [new Float32Array(), []];
    tf.tidy(() => {
      const features = model.toTensors(model.encode(rowsOf(5)));
      const { lanes, raw } = model.input(features);
      const byTensors = network.apply(lanes, { training: false, raw, features, addLoss() {} });
      bins = raw.dataSync<'float32'>().slice();
      wanted = model.taskNames.map((task) => [...byTensors.get(task)!.dataSync()]);
    });
    const onHost = await network.onHost!(bins, 200);
    model.taskNames.forEach((task, t) => {
      expect(onHost.get(task)).toHaveLength(wanted[t]!.length);
      wanted[t]!.forEach((value, i) => expect(onHost.get(task)![i]).toBeCloseTo(value, 5));
    });
    return onHost;
  };
  const tensors = tf.memory().numTensors;
  const results = [await alike()];
  for (const seed of [1, 2]) {
    await train(seed);
    results.push(await alike());
  }
  expect(new Set(results.map((each) => each.get('click')!.join())).size).toBe(3);
  expect(tf.memory().numTensors).toBe(tensors);
  model.dispose();
});

test('the first split of some leaves is on the way to all of them', () => {
  // the root is split 1: leaf 2 is on its right, and split 0 parts the leaves on its left
  const paths = Float32Array.of(...[1, 1], ...[-1, 1], ...[0, -1]);
  const numbers = {
    columns: Float32Array.of(0, 1),
    left: new Float32Array(22),
    paths,
    values: Float32Array.of(1, 2, 3),
  };
  const { roots, children } = walkedTrees(numbers, { trees: 1, leaves: 3, splits: 2 });
  expect([...roots]).toEqual([1]);
  expect([...children]).toEqual([~0, ~1, 0, ~2]);
  const alone = { ...numbers, paths: new Float32Array(6) };
  expect([...walkedTrees(alone, { trees: 1, leaves: 3, splits: 2 }).roots]).toEqual([~0]);
});
