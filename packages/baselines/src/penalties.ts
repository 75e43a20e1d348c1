import * as tf from '@tensorflow/tfjs-core';
import { notNegative, optional, positive, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { definePenalty, zeros, type PenaltyBuilder, type PenaltySpec, type Scope } from '@polytask/core';

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
 * @throws PolytaskError when an option is missing, unknown or doesn't fit
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
function overKernels(
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

const normalOptions = {
  /** The factor of the negative log-density per parameter. */
  weight: notNegative,
  /** The number that is added to the diagonal of each covariance. */
  ridge: optional(positive, 0.1),
};

export interface TensorNormalOptions extends Written<typeof normalOptions>, FromDescription {}

/**
 * Tensor-normal prior on the kernels W [tasks, in, out] of the tasks' experts (MRN, Long et al., NeurIPS'17):
 * −log TN(W; 0, Σ_task ⊗ Σ_in ⊗ Σ_out). Each Σ is the inverse of Lᵀ L, with a lower triangular L. L is learned by gradient
 * descent; the paper alternates instead. `ridge` is the paper's ε in εI. The loss is named `tensor-normal`.
 *
 * @throws PolytaskError when an option is missing, unknown or doesn't fit
 * @example tensorNormal({ weight: 0.1 })
 */
export const tensorNormal: (config: TensorNormalOptions) => PenaltySpec = definePenalty(
  'tensor-normal',
  (builder, { weight, ridge }) => overKernels(builder, weight, (each) => density(builder, each, ridge)),
  {
    description: 'a tensor-normal prior on kernels, with a learned covariance of the tasks',
    paper: 'Long et al., NeurIPS 2017',
    package: '@polytask/baselines',
    options: normalOptions,
  },
);

/** ½ ‖(L_task ⊗ L_in ⊗ L_out) W‖² − log det + the ridge, divided by the number of entries of W. */
function density(
  builder: PenaltyBuilder,
  { name, value }: PenaltyBuilder['parameters'][number],
  ridge: number,
): () => tf.Tensor {
  const [tasks, input, output] = value().shape as [number, number, number];
  const scope = builder.child(name);
  const factors = {
    task: factor(scope, 'task', tasks),
    input: factor(scope, 'input', input),
    output: factor(scope, 'output', output),
  };
  const size = tasks * input * output;
  return () => {
    const [byTask, byInput, byOutput] = [factors.task.matrix(), factors.input.matrix(), factors.output.matrix()];
    const flat = tf.reshape(value(), [tasks, input * output]);
    // mode 1. For one task it is no matrix product: the wasm backend of TF.js keeps one XNNPACK operator for the numbers of a right
    // operand of batch size 1, whatever its shape, and the expert multiplies by the kernel in another shape
    const rows = tasks === 1 ? tf.mul(byTask, flat) : tf.matMul(byTask, flat);
    const moved = tf.reshape(tf.transpose(tf.reshape(rows, [tasks, input, output]), [1, 0, 2]), [
      input,
      tasks * output,
    ]);
    const whitened = tf.matMul(tf.reshape(tf.matMul(byInput, moved), [input * tasks, output]), tf.transpose(byOutput));
    const quadratic = tf.mul(0.5, tf.sum(tf.square(whitened)));
    const all = [factors.task, factors.input, factors.output];
    const determinants = all.map(({ logDiagonal, side }) => tf.mul(logDiagonal(), size / side));
    const ridges = [byTask, byInput, byOutput].map((matrix, i) =>
      tf.mul(tf.sum(tf.square(matrix)), (0.5 * ridge * size) / all[i]!.side),
    );
    const sum = [...ridges, ...determinants.map(tf.neg)].reduce(
      (total, term) => tf.add(total, term),
      quadratic as tf.Tensor,
    );
    return tf.div(sum, size);
  };
}

/** L, lower triangular with a positive diagonal, and Σ log L_ii. */
function factor(scope: Scope, name: string, side: number) {
  const raw = scope.tensor(name, [side, side], zeros(), true); // the diagonal holds the logarithms of L's diagonal
  const where = (is: (row: number, column: number) => boolean) => {
    const cells = Array.from({ length: side * side }, (_, i) => Number(is(Math.floor(i / side), i % side)));
    return scope.constant(cells, [side, side]);
  };
  const [below, diagonal] = [where((row, column) => row > column), where((row, column) => row === column)];
  return {
    side,
    matrix: () => tf.add(tf.mul(raw, below), tf.mul(tf.exp(tf.mul(raw, diagonal)), diagonal)) as tf.Tensor2D,
    logDiagonal: () => tf.sum(tf.mul(raw, diagonal)),
  };
}
