import * as tf from '@tensorflow/tfjs';
import { checks, definePenalty, type PenaltyBuilder } from '@polytask/core';

export interface OrthogonalityConfig {
  /** What the sum is multiplied by. */
  weight: number;
  /** How many experts that stand one after the other are one task's subspaces. */
  subspaces: number;
}

/**
 * Subspaces that don't overlap (sluice networks, Ruder et al., AAAI'19): Σ_t Σ_{i<j} ‖G_t,iᵀ G_t,j‖², where G are the
 * kernels of a task's subspaces. Added as the loss `orthogonality`.
 */
export const orthogonality = definePenalty<OrthogonalityConfig>(
  'orthogonality',
  (builder, { weight, subspaces }) => {
    const tasks = builder.experts.length / subspaces;
    const terms = builder.parameters
      .filter((each) => each.members.length === builder.experts.length && each.value().rank === 3)
      .filter((each) => each.value().shape[1]! > 1) // not a bias
      .map((each) => overlap(builder, each, tasks, subspaces));
    return () =>
      tf.mul(
        weight,
        terms.map((term) => term()).reduce((sum, term) => tf.add(sum, term), tf.scalar(0)),
      );
  },
  {
    description: 'orthogonal subspaces within each task',
    paper: 'Ruder et al., AAAI 2019',
    package: '@polytask/baselines',
    options: {
      weight: checks.number('a weight of 0 or more', (value) => value >= 0),
      subspaces: checks.wholeNumber(1),
    },
  },
);

function overlap(
  { constant }: PenaltyBuilder,
  { value }: PenaltyBuilder['parameters'][number],
  tasks: number,
  subspaces: number,
): () => tf.Tensor {
  const [, input, width] = value().shape as [number, number, number];
  const all = subspaces * width;
  const others = Array.from({ length: all * all }, (_, i) =>
    Math.floor(i / all / width) < Math.floor((i % all) / width) ? 1 : 0,
  );
  const mask = constant(others, [1, all, all]);
  return () => {
    const each = tf.reshape(value(), [tasks, subspaces, input, width]);
    const beside = tf.reshape(tf.transpose(each, [0, 2, 1, 3]), [tasks, input, all]); // a task's kernels side by side
    const products = tf.matMul(tf.transpose(beside, [0, 2, 1]), beside); // [tasks, all, all]
    return tf.sum(tf.mul(tf.square(products), mask));
  };
}
