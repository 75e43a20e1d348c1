import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { labelsOf } from '@polytask/core';
import { beforeAll, expect, it } from 'vitest';
import { PLANE_MODEL_NAMES } from './plane-models.ts';
import { samplePlane, SIDE, TASKS } from './plane-tasks.ts';
import { type PlaneFrame, rowsOf, trainPlane } from './train-plane.ts';

const settings = { alike: 1, conflict: 0, labels: [10, 30], seed: 1 } as const;

beforeAll(async () => void (await tf.setBackend('cpu')));

it('a row has the label of one task', () => {
  const { arrays } = rowsOf(samplePlane(settings));
  const counts = TASKS.map((task) => labelsOf(arrays, task).weights.reduce((sum, weight) => sum + weight, 0));
  expect(counts).toEqual([10, 30]);
  const [first, second] = TASKS.map((task) => labelsOf(arrays, task).weights);
  expect(first!.every((weight, row) => weight + second![row]! === 1)).toBe(true);
});

it('each model gives maps of both tasks, and leaves no tensor', async () => {
  const frames: PlaneFrame[] = [];
  const before = tf.memory().numTensors;
  await trainPlane({ settings, models: PLANE_MODEL_NAMES, epochs: 3 }, async (frame) => void frames.push(frame));
  expect(tf.memory().numTensors).toBe(before);
  for (const model of PLANE_MODEL_NAMES) {
    const own = frames.filter((frame) => frame.model === model);
    expect(own.map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect(own[1]!.maps.map((map) => map.length)).toEqual([SIDE * SIDE, SIDE * SIDE]);
    expect(own[1]!.maps[0]).not.toEqual(own[0]!.maps[0]);
    expect(own[1]!.fusion[0]!.outputs).toEqual([...TASKS]);
  }
});

it('ends when a frame is answered with stop', async () => {
  const epochs: number[] = [];
  await trainPlane({ settings, models: ['mmoe'], epochs: 50 }, async ({ epoch }) => {
    epochs.push(epoch);
    return 'stop';
  });
  expect(epochs).toEqual([2]);
});
