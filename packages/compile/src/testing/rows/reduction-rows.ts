import * as tf from '@tensorflow/tfjs';
import { inputOf, input, shapesOf, type Dtype, type KernelCase } from '../kernel-case.ts';

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

/** A shape, and the axes over which it is reduced. */
const PLACES = (
  [
    ['-', undefined],
    ['4', undefined],
    ['4', 0],
    ['3,1', 1],
    ['1,3', 1],
    ['2,3', []],
    ['2,3', 0],
    ['2,3,4', [0, 2]],
    ['2,3,4', [2, 1]],
    ['2,3,2,2', [1, 2]],
    ['2,3,2,2', undefined],
    ['0', undefined],
    ['2,0', 1],
    ['0,3', 1],
  ] as const
).map(([shape, axis]) => [shapesOf(shape)[0]!, axis as number | number[] | undefined] as const);

function reduction(
  kernel: string,
  call: Reduce,
  dtypes: readonly Dtype[] = ['float32', 'int32', 'bool'],
  onNothing = true,
): KernelCase[] {
  return dtypes.flatMap((dtype) =>
    PLACES.filter(([shape]) => onNothing || !shape.includes(0)).flatMap(([shape, axis]) =>
      [false, true].map((keepDims): KernelCase => ({
        kernel,
        title: `${dtype} [${shape}] over ${axis === undefined ? 'all' : `[${axis}]`}${keepDims ? ', kept' : ''}`,
        inputs: [input(shape, dtype)],
        call: (x) => call(x!, axis, keepDims),
      })),
    ),
  );
}

const transposed = (kernel: string, call: Reduce): KernelCase[] =>
  [0, 1, 2, [0, 2]].map((axis) => ({
    kernel,
    title: `transposed, over [${axis}]`,
    inputs: [input([2, 3, 4])],
    call: (x) => call(tf.transpose(x!, [2, 0, 1]), axis),
  }));

function places(kernel: string, call: (x: tf.Tensor, axis: number) => tf.Tensor): KernelCase[] {
  const sides: [number[], number][] = [
    [[4], 0],
    [[2, 3], 0],
    [[2, 3], -1],
    [[2, 3, 4], 1],
    [[1, 1], 1],
    [[0, 3], 1],
  ];
  const ties: KernelCase = {
    kernel,
    title: 'the first of equal ones',
    inputs: [inputOf([1, 3, 3, 0, 0, 2], [2, 3])],
    call: (x) => call(x!, 1),
  };
  const cases = (['float32', 'int32', 'bool'] as const).flatMap((dtype) =>
    sides.map(([shape, axis]): KernelCase => ({
      kernel,
      title: `${dtype} [${shape}], ${axis}`,
      inputs: [input(shape, dtype)],
      call: (x) => call(x!, axis),
    })),
  );
  return [...cases, ties];
}

function cumulation(
  kernel: string,
  call: (x: tf.Tensor, axis: number, exclusive: boolean, reverse: boolean) => tf.Tensor,
): KernelCase[] {
  const sides: [number[], number][] = [
    [[4], 0],
    [[1, 3], 0],
    [[2, 3], 1],
    [[2, 3, 4], 1],
    [[2, 2, 3, 2], 2],
    [[2, 0], 1],
  ];
  return (['float32', 'int32'] as const).flatMap((dtype) =>
    sides.flatMap(([shape, axis]) =>
      [0, 1, 2, 3].map((bits): KernelCase => ({
        kernel,
        title: `${dtype} [${shape}], ${axis}, ${bits & 1 ? 'exclusive' : ''} ${bits & 2 ? 'reverse' : ''}`,
        inputs: [input(shape, dtype)],
        call: (x) => call(x!, axis, (bits & 1) !== 0, (bits & 2) !== 0),
      })),
    ),
  );
}

const SOFTENED: readonly (readonly number[])[] = [[1], [4], [3, 4], [2, 1], [2, 3, 4], [2, 1, 2, 3], [0, 3]];

const softened = (
  kernel: string,
  call: (x: tf.Tensor) => tf.Tensor,
  eager?: (x: tf.Tensor) => tf.Tensor,
): KernelCase[] =>
  [
    ...SOFTENED.map((shape) => ({ title: `[${shape}]`, inputs: [input(shape)] })),
    { title: 'large numbers', inputs: [inputOf([900, -900, 0, 88, 89, 90], [2, 3])] },
  ].map((row) => ({ kernel, ...row, call: (x) => call(x!), ...(eager && { eager: (x: tf.Tensor) => eager(x) }) }));

/** Cases of the kernels that take sides of a tensor together. */
export const reductionRows = (): KernelCase[] => [
  ...reduction('Sum', tf.sum),
  ...transposed('Sum', tf.sum),
  ...reduction('Prod', tf.prod),
  ...reduction('Mean', tf.mean),
  ...transposed('Mean', tf.mean),
  ...reduction('Max', tf.max),
  ...transposed('Max', tf.max),
  ...reduction('Min', tf.min),
  ...reduction('All', tf.all, ['bool']),
  ...reduction('Any', tf.any, ['bool']),
  { kernel: 'Sum', title: 'a negative axis', inputs: [input([2, 3])], call: (x) => tf.sum(x!, -1) },
  { kernel: 'Mean', title: 'negative axes', inputs: [input([2, 3, 4])], call: (x) => tf.mean(x!, [-1, -3]) },
  ...places('ArgMax', tf.argMax),
  ...places('ArgMin', tf.argMin),
  ...softened('Softmax', (x) => tf.softmax(x)),
  ...softened(
    'LogSoftmax',
    (logits) => tf.engine().runKernel('LogSoftmax', { logits }, { axis: -1 }) as tf.Tensor,
    (x) => tf.logSoftmax(x),
  ),
  ...cumulation('Cumsum', tf.cumsum),
  ...cumulation('Cumprod', tf.cumprod),
];
