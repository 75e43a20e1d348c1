import * as tf from '@tensorflow/tfjs';
import { input, inTypes, ofOne, shapesOf, type KernelCase } from '../kernel-case.ts';

/** Several tensors, in all types. */
const ofEach = (kernel: string, title: string, shapes: string, call: KernelCase['call']) =>
  inTypes(kernel, title, (dtype) => shapesOf(shapes).map((shape) => input(shape, dtype)), call);

const reshape = (from: number[], to: number[]) => ofOne('Reshape', `to [${to}]`, from, (x) => tf.reshape(x, to));
const transpose = (shape: number[], perm?: number[]) =>
  ofOne('Transpose', `by ${perm}`, shape, (x) => tf.transpose(x, perm));
const slice = (shape: number[], begin: number | number[], size?: number | number[]) =>
  ofOne('Slice', `from ${begin}, ${size}`, shape, (x) => tf.slice(x, begin, size));
const split = (shape: number[], sizes: number | number[], axis: number) =>
  ofOne('SplitV', `${sizes} along ${axis}`, shape, (x) => tf.split(x, sizes, axis));
const tile = (shape: number[], reps: number[]) => ofOne('Tile', `by ${reps}`, shape, (x) => tf.tile(x, reps));
const reverse = (shape: number[], axis?: number | number[]) =>
  ofOne('Reverse', `along ${axis}`, shape, (x) => tf.reverse(x, axis));
const pad = (shape: number[], paddings: string, value = 0) =>
  ofOne('PadV2', `by ${paddings}`, shape, (x) => tf.pad(x, shapesOf(paddings) as [number, number][], value));
const mirrorPad = (shape: number[], paddings: string, mode: 'reflect' | 'symmetric') =>
  ofOne('MirrorPad', `${mode} by ${paddings}`, shape, (x) =>
    tf.mirrorPad(x, shapesOf(paddings) as [number, number][], mode),
  );

type Masks = [begin?: number, end?: number, ellipsis?: number, newAxis?: number, shrink?: number];

const strided = (shape: number[], begin: number[], end: number[], strides: number[], masks: Masks = []) =>
  ofOne('StridedSlice', `${begin} to ${end} by ${strides}, masks ${masks}`, shape, (x) =>
    tf.stridedSlice(x, begin, end, strides, ...masks),
  );

const broadcast = (shape: number[], to: number[]): KernelCase => ({
  kernel: 'BroadcastTo',
  title: `[${shape}] to [${to}]`,
  inputs: [input(shape)],
  call: (x) => tf.engine().runKernel('BroadcastTo', { x: x! }, { shape: to }) as tf.Tensor,
  eager: (x) => tf.broadcastTo(x!, to),
  gradient: false, // TF.js asks for an attribute that its own broadcastTo doesn't give
});

/** Cases of the kernels that move numbers about. */
export const shapeRows = (): KernelCase[] => [
  ...reshape([2, 6], [3, 4]),
  ...reshape([2, 6], [-1]),
  ...reshape([1], []),
  ...reshape([0, 3], [3, 0]),
  ...ofOne('Reshape', 'twice', [2, 3], (x) => tf.reshape(tf.reshape(x, [6]), [3, 2])),
  ...ofOne('ExpandDims', 'at 0', [2, 3], (x) => tf.expandDims(x, 0)),
  ...ofOne('ExpandDims', 'at the end', [2, 3], (x) => tf.expandDims(x, -1)),
  ...ofOne('ExpandDims', 'of a scalar', [], (x) => tf.expandDims(x)),
  ...transpose([2, 3]),
  ...transpose([2, 3, 4], [1, 2, 0]),
  ...transpose([2, 1, 3, 2], [0, 2, 1, 3]),
  ...transpose([2, 0], [1, 0]),
  ...ofOne('Transpose', 'twice', [2, 3, 4], (x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [0, 2, 1])),
  ...ofEach('Concat', 'along 0', '2,3 1,3', (...xs) => tf.concat(xs, 0)),
  ...ofEach('Concat', 'along -1, one of them empty', '2,3 2,0 2,1', (...xs) => tf.concat(xs, -1)),
  ...ofEach('Concat', 'of the same twice', '2,3', (x) => tf.concat([x!, x!], 1)),
  ...split([4, 2], 2, 0),
  ...split([2, 6], 3, 1),
  ...split([2, 6], [1, 3, 2], -1),
  ...split([2, 6], [1, -1], 1),
  ...split([3, 2], 1, 0),
  ...slice([5], 1, 3),
  ...slice([5], [2]),
  ...slice([3, 4], [1, 0], [2, -1]),
  ...slice([3, 4], [0, 2]),
  ...slice([3, 4, 2], [1], [1]),
  ...slice([3, 4], [1, 1], [0, 2]),
  ...slice([3, 4], [0, 0], [3, 4]),
  ...slice([2, 3, 2, 2], [0, 1, 0, 1], [2, 2, 1, 1]),
  ...ofEach('Pack', 'at 0', '2,3 2,3', (...xs) => tf.stack(xs)),
  ...ofEach('Pack', 'at -1', '2,3 2,3 2,3', (...xs) => tf.stack(xs, -1)),
  ...ofEach('Pack', 'of scalars', '- -', (...xs) => tf.stack(xs)),
  ...ofOne('Unpack', 'at 0', [3, 2], (x) => tf.unstack(x)),
  ...ofOne('Unpack', 'at -1', [2, 1, 3], (x) => tf.unstack(x, -1)),
  ...ofOne('Unpack', 'of one', [1, 2], (x) => tf.unstack(x)),
  ...tile([3], [2]),
  ...tile([2, 3], [1, 2]),
  ...tile([2, 1, 2], [2, 3, 1]),
  ...tile([2, 3], [1, 1]),
  ...tile([2], [0]),
  broadcast([], [2, 3]),
  broadcast([3], [2, 3]),
  broadcast([2, 1], [2, 3]),
  broadcast([2, 3], [2, 3]),
  ...pad([3], '1,2'),
  ...pad([2, 3], '0,0 2,1', 1),
  ...pad([2, 1, 2], '1,0 0,1 1,1'),
  ...pad([0, 2], '1,1 0,0', 1),
  ...mirrorPad([3], '2,1', 'reflect'),
  ...mirrorPad([3], '3,2', 'symmetric'),
  ...mirrorPad([3, 2], '1,2 0,1', 'reflect'),
  ...mirrorPad([3, 2], '0,0 1,2', 'symmetric'),
  ...reverse([4]),
  ...reverse([2, 3], 1),
  ...reverse([2, 3, 2], [0, -1]),
  ...reverse([2, 3]),
  ...reverse([2, 0], 0),
  ...strided([5], [1], [4], [2]),
  ...strided([5], [-1], [-4], [-1]),
  ...strided([5], [4], [0], [-2], [0, 1]),
  ...strided([3, 4], [0, 1], [2, 4], [1, 2]),
  ...strided([3, 4], [1, 0], [2, 4], [1, 1], [0, 0, 0, 0, 1]),
  ...strided([3, 4], [1, -2], [2, -1], [1, 1], [0, 0, 0, 0, 2]),
  ...strided([2, 3, 4], [0, 1], [1, 3], [1, 1], [0, 0, 1]),
  ...strided([3, 4], [0, 0, 1], [0, 2, 3], [1, 1, 1], [0, 0, 0, 1]),
  ...strided([3, 4], [2, 0], [2, 4], [1, 1]),
  ...strided([3, 4], [0, 0], [3, 4], [1, 1]),
];
