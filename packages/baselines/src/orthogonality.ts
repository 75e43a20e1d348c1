import * as tf from '@tensorflow/tfjs-core';
import { notNegative, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { definePenalty, type PenaltyBuilder, type PenaltySpec } from '@polytask/core';

const options = {
  /** The factor of the sum. */
  weight: notNegative,
  /** The number of subspaces per task. Consecutive experts of a level are the subspaces of one task. */
  subspaces: wholeNumber(1),
};

export interface OrthogonalityOptions extends Written<typeof options>, FromDescription {}

/**
 * A penalty on subspaces that overlap (sluice networks, Ruder et al., AAAI'19): Σ_t Σ_{i<j} ‖G_t,iᵀ G_t,j‖², where G are the
 * kernels of a task's subspaces. The loss is named `orthogonality`.
 *
 * @throws PolytaskError when an option is unknown or invalid
 * @example orthogonality({ weight: 0.01, subspaces: 2 })
 */
export const orthogonality: (config: OrthogonalityOptions) => PenaltySpec = definePenalty(
  'orthogonality',
  (builder, { weight, subspaces }) => {
    const tasks = builder.experts.length / subspaces;
    return overKernels(builder, weight, (each) => overlap(builder, each, tasks, subspaces));
  },
  {
    description: 'orthogonal subspaces within each task',
    paper: 'Ruder et al., AAAI 2019',
    package: '@polytask/baselines',
    options,
  },
);

/** `weight` times the sum of a term over the kernels of a level's experts, [members, in, out]. */
export function overKernels(
  { parameters, experts }: PenaltyBuilder,
  weight: number,
  termOf: (kernel: PenaltyBuilder['parameters'][number]) => () => tf.Tensor,
): () => tf.Scalar {
  const terms = parameters
    .filter((each) => each.members.length === experts.length && each.value().rank === 3)
    .filter((each) => each.value().shape[1]! > 1) // excludes biases, [members, 1, width]
    .map(termOf);
  return () =>
    tf.mul(
      weight,
      terms.reduce<tf.Tensor>((total, term) => tf.add(total, term()), tf.scalar(0)),
    );
}

/** Σ_t Σ_{i<j} ‖G_t,iᵀ G_t,j‖² for one kernel. */
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
    const kernels = tf.reshape(value(), [tasks, subspaces, input, width]);
    const wide = tf.reshape(tf.transpose(kernels, [0, 2, 1, 3]), [tasks, input, all]); // a task's kernels, concatenated
    const products = tf.matMul(tf.transpose(wide, [0, 2, 1]), wide); // [tasks, all, all]
    return tf.sum(tf.mul(tf.square(products), mask));
  };
}
