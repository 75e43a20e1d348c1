import * as tf from '@tensorflow/tfjs';
import { eagerPasses } from '../balancing/eager-passes.ts';
import { isBalanced, trainBalanced } from '../balancing/train-balanced.ts';
import type { Engine } from '../engine.ts';
import { eagerScorer } from './eager-scorer.ts';
import { EagerStep } from './eager-step.ts';

/** Plain TF.js on whatever backend is set (`tf.setBackend`): runs everywhere. */
export const eagerEngine: Engine = {
  name: 'eager',
  async train(model, recipe) {
    await tf.ready();
    if (!isBalanced(recipe)) return new EagerStep(model, recipe);
    return trainBalanced(model, recipe, eagerPasses);
  },
  async score(model) {
    await tf.ready();
    return eagerScorer(model);
  },
};
