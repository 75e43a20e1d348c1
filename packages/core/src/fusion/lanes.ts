import type * as tf from '@tensorflow/tfjs';

/** The vectors of the lanes, [batch, dim] by name. At the first level each is the network's input. */
export type Lanes = ReadonlyMap<string, tf.Tensor2D>;
