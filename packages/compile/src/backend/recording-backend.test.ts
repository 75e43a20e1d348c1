import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { trace } from '../trace.ts';
import { recordingBackend } from './recording-backend.ts';

it('is the same for a module that is evaluated a second time, as the entry of a worker is in WebKit', async () => {
  await tf.setBackend('cpu');
  const recorder = recordingBackend();
  const again = './recording-backend.ts?again'; // another module, by its address
  const second = (await import(/* @vite-ignore */ again)) as typeof import('./recording-backend.ts');
  expect(second.recordingBackend).not.toBe(recordingBackend);
  expect(second.recordingBackend()).toBe(recorder);
  const { kernels } = trace((x) => tf.neg(x), { x: { shape: [2] } });
  expect(kernels).toEqual(['Neg']);
});
