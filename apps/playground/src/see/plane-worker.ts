import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expose } from 'comlink';
import { trainPlane } from './train-plane.ts';

// The program of the worker that trains the models of the two-dimensional view.

const ready = tf.setBackend('cpu');
tf.enableProdMode();

const worker = {
  train: async (...[training, onFrame]: Parameters<typeof trainPlane>): Promise<void> => {
    await ready;
    await trainPlane(training, onFrame);
  },
};

export type PlaneWorker = typeof worker;

expose(worker);
