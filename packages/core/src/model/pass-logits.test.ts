import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { denseSchema } from '../features/schema.ts';
import {
  defineCompositeNetwork,
  startLanes,
  trainerOf,
  type NetworkBuildInputs,
  sharesLayers,
} from '../fusion/network.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { passLogits } from './heads.ts';
import { multiTaskModel } from './model.ts';

beforeAll(() => tf.setBackend('cpu'));

let place: NetworkBuildInputs;
const trainer = async () => ({ losses: {} });
const features = defineCompositeNetwork(
  'test.pass-logits',
  (_, given) => {
    place = given;
    const { tasks, input } = given;
    return { levels: [], outputDim: input.outputDim, inputLanes: tasks, apply: (x) => startLanes(tasks, x) };
  },
  { trainer, sharesLayers: false },
);

test('heads pass the first numbers of a vector on, plus constants', () => {
  const tasks = { stars: multiclass({ classes: ['low', 'middle', 'high'] }), a: binary(), b: binary() };
  const model = multiTaskModel({ schema: denseSchema(4, tasks), network: features({}), seed: 1 });
  passLogits(model, { stars: [10, 20, 30], a: [1], b: [2] });
  const logits = tf.tidy(() => {
    const batch = model.toTensors(model.encode([{ x: [0.5, 1, 2, 4] }]));
    const { logits: own } = model.forward(batch);
    return [own.stars, own.a, own.b].map((each) => [...each.dataSync()]);
  });
  expect(logits).toEqual([[10.5, 21, 32], [1.5], [2.5]]);
  model.dispose();
});

test('a network that is no sequence of levels knows the outputs of its tasks, and describes itself', () => {
  expect(['stars', 'a', 'b'].map((task) => place.input.outputs!(task))).toEqual([3, 1, 1]);
  expect(place.path).toBe('');
  expect(trainerOf(features({}))).toBe(trainer);
  expect(sharesLayers(features({}), ['a'])).toBe(false);
});
