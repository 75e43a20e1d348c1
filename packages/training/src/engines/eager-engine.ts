import * as tf from '@tensorflow/tfjs';
import type { Engine } from './engine.ts';
import { eagerScorer } from './eager-scorer.ts';
import { EagerStep } from './eager-step.ts';

/** Plain TF.js on whatever backend is set (`tf.setBackend`): runs everywhere. */
export const eagerEngine: Engine = {
  name: 'eager',
  async train(model, recipe) {
    await tf.ready();
    return new EagerStep(model, recipe);
  },
  async score(model) {
    await tf.ready();
    return eagerScorer(model);
  },
};
