import * as tf from '@tensorflow/tfjs';
import {
  input,
  inputOf,
  inTypes,
  NUMBERS,
  ofOne,
  row,
  type CaseInput,
  type Dtype,
  type KernelCase,
} from '../kernel-case.ts';

/** Integers from 0 to below a limit. */
const places = (shape: readonly number[], limit: number): CaseInput =>
  input(shape, 'int32', { from: 0, to: limit - 1 });

const gather = (shape: number[], from: number[], axis: number, batchDims = 0) =>
  inTypes(
    'GatherV2',
    `[${from}] of [${shape}] along ${axis}, ${batchDims} in batches`,
    (dtype) => [input(shape, dtype), places(from, shape.at(axis)!)],
    (x, indices) => tf.gather(x!, indices!, axis, batchDims),
  );

const gatherNd = (shape: number[], from: number[]) =>
  inTypes(
    'GatherNd',
    `[${from}] of [${shape}]`,
    (dtype) => [input(shape, dtype), places(from, Math.min(...shape))],
    (x, indices) => tf.gatherND(x!, indices!),
  );

const at = (values: readonly number[], indices: CaseInput, shape: number[]) =>
  `[${values}] at [${indices.shape}] of [${shape}]`;

const scatterNd = (shape: number[], indices: CaseInput, updates: number[]) =>
  inTypes(
    'ScatterNd',
    at(updates, indices, shape),
    (dtype) => [indices, input(updates, dtype)],
    (where, values) => tf.scatterND(where!, values!, shape),
    NUMBERS,
  );

const update = (shape: number[], indices: CaseInput, updates: number[]) =>
  inTypes(
    'TensorScatterUpdate',
    at(updates, indices, shape),
    (dtype) => [input(shape, dtype), indices, input(updates, dtype)],
    (x, where, values) => tf.tensorScatterUpdate(x!, where!, values!),
  );

const sparse = (indices: CaseInput, values: number[], shape: number[]) =>
  inTypes(
    'SparseToDense',
    at(values, indices, shape),
    (dtype) => [indices, input(values, dtype), input([], dtype)],
    (where, $values, rest) => tf.sparseToDense(where!, $values!, shape, rest as tf.Scalar),
  );

const segments = (shape: number[], ids: number[], count: number): KernelCase => ({
  kernel: 'UnsortedSegmentSum',
  title: `[${shape}] by ${ids} into ${count}`,
  inputs: [input(shape), inputOf(ids, [ids.length], 'int32')],
  call: (x, segmentIds) => tf.unsortedSegmentSum(x!, segmentIds! as tf.Tensor1D, count),
  // TF.js takes the gradient of ids that are too large from outside of the table
  gradient: ids.every((id) => id < count),
});

const oneHot = (shape: number[], depth: number, values?: [number, number], dtype?: Dtype): KernelCase => ({
  kernel: 'OneHot',
  title: `[${shape}] to ${depth}, ${values ?? ''} ${dtype ?? ''}`,
  inputs: [input(shape, 'int32', { from: -1, to: depth })],
  // eslint-disable-next-line no-restricted-syntax -- the kernel itself
  call: (x) => tf.oneHot(x!, depth, ...(values ?? [1, 0]), dtype as 'float32'),
});

const topk = (shape: number[], k: number) =>
  ofOne('TopK', `${k} of them`, shape, (x) => Object.values(tf.topk(x, k)) as tf.Tensor[], NUMBERS);

const weights = (shape: number[], dtype: Dtype) => (shape.length > 0 ? input(shape, dtype) : inputOf([], [0], dtype));

const counted = (kernel: 'Bincount' | 'DenseBincount', shape: number[], weighed: boolean, binary = false) =>
  inTypes(
    kernel,
    `[${shape}]${weighed ? ', weighed' : ''}${binary ? ', binary' : ''}`,
    (dtype) => [places(shape, 6), weights(weighed ? shape : [], dtype)],
    (x, w) =>
      kernel === 'Bincount'
        ? tf.bincount(x as tf.Tensor1D, w as tf.Tensor1D, 4)
        : tf.denseBincount(x as tf.Tensor1D, w as tf.Tensor1D, 4, binary),
    NUMBERS,
  );

const search = (side: 'left' | 'right', sorted: CaseInput, values: CaseInput): KernelCase => {
  const title = `${side}, [${values.shape}] in [${sorted.shape}] ${sorted.dtype}`;
  return row('SearchSorted', title, [sorted, values], (all, each) => tf.searchSorted(all!, each!, side));
};

function batchNorm(shape: number[], sides: number[], parts: string): KernelCase {
  return {
    kernel: 'FusedBatchNorm',
    title: `[${shape}] by [${sides}] ${parts}`,
    inputs: [input(shape), input(sides), input(sides, 'float32', { from: 0.5, to: 2 }), input(sides), input(sides)],
    call: (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x as tf.Tensor2D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        parts.includes('offset') ? (offset as tf.Tensor1D) : undefined,
        parts.includes('scale') ? (scale as tf.Tensor1D) : undefined,
        0.01,
      ),
  };
}

/** Cases of the kernels that read, write or count by index, and of what is left. */
export const indexRows = (): KernelCase[] => [
  ...gather([5], [3], 0),
  ...gather([5, 2], [3], 0),
  ...gather([2, 5], [2, 3], 1),
  ...gather([2, 5, 3], [2], -2),
  ...gather([2, 5], [], 1),
  ...gather([2, 5], [0], 1),
  ...gather([3, 4], [3, 2], 1, 1),
  ...gather([2, 3, 4], [2, 2], 2, 1),
  ...gather([2, 3, 4, 2], [2, 3, 5], 2, 2),
  ...gatherNd([3, 4], [2, 2]),
  ...gatherNd([3, 4], [2, 1]),
  ...gatherNd([3, 4, 2], [2, 3, 2]),
  ...gatherNd([3, 4], [0, 2]),
  ...scatterNd([4], inputOf([1, 3, 1], [3, 1], 'int32'), [3]),
  ...scatterNd([4, 2], inputOf([2, 2, 0], [3, 1], 'int32'), [3, 2]),
  ...scatterNd([3, 3], inputOf([0, 1, 2, 2, 0, 1], [3, 2], 'int32'), [3]),
  ...update([4], inputOf([1, 3], [2, 1], 'int32'), [2]),
  ...update([4, 2], inputOf([2, 0], [2, 1], 'int32'), [2, 2]),
  ...sparse(inputOf([1, 3], [2], 'int32'), [2], [4]),
  ...sparse(inputOf([0, 1, 2, 2], [2, 2], 'int32'), [2], [3, 4]),
  ...sparse(inputOf([0, 1, 2, 2], [2, 2], 'int32'), [], [3, 4]),
  segments([5], [0, 2, 1, 2, 0], 3),
  segments([5, 2], [0, 2, 1, 2, 0], 4),
  segments([4, 2, 3], [1, 1, 1, 1], 2),
  segments([4, 2], [-1, 0, 1, -3], 2),
  segments([4, 2], [5, 0, 1, 2], 2),
  segments([0, 2], [], 2),
  oneHot([4], 3),
  oneHot([], 3),
  oneHot([2, 3], 4),
  oneHot([4], 3, [5, -2]),
  oneHot([4], 3, [1, 0], 'float32'),
  oneHot([4], 3, [0.5, 0.25], 'float32'),
  oneHot([4], 3, [1, 0], 'bool'),
  oneHot([0], 3),
  ...topk([5], 3),
  ...topk([2, 4], 1),
  ...topk([2, 3, 4], 4),
  ...counted('Bincount', [6], false),
  ...counted('Bincount', [6], true),
  ...counted('DenseBincount', [6], false),
  ...counted('DenseBincount', [6], true),
  ...counted('DenseBincount', [2, 5], false),
  ...counted('DenseBincount', [2, 5], true),
  ...counted('DenseBincount', [2, 5], false, true),
  ...(['left', 'right'] as const).flatMap((side) => [
    search(side, inputOf([-1, 0, 0.5, 0.5, 2]), input([7])),
    search(side, inputOf([-1, 0, 0.5, 0.5, 2]), inputOf([0.5, -1, 2, 3, -5])),
    search(side, inputOf([1, 2, 2, 0, 5, 9], [2, 3]), input([2, 4])),
    search(side, inputOf([1, 2, 2, 4], [4], 'int32'), input([6], 'int32')),
  ]),
  ...[[3], [1], [2, 2]].flatMap((shape) => ofOne('Diag', '', shape, (x) => tf.diag(x))),
  ...['', 'scale', 'offset', 'scale and offset'].flatMap((parts) => [
    batchNorm([4, 3], [3], parts),
    batchNorm([2, 3], [2, 3], parts),
  ]),
];
