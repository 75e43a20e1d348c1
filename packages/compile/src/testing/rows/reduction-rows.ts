import * as tf from '@tensorflow/tfjs';
import { DTYPES, input, inputOf, NUMBERS, ofOne, row, shapesOf, type Dtype, type KernelCase } from '../kernel-case.ts';

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

const reduction = (kernel: string, call: Reduce, dtypes: readonly Dtype[] = DTYPES): KernelCase[] =>
  PLACES.flatMap(([shape, axis]) =>
    [false, true].flatMap((keepDims) => {
      const over = axis === undefined ? 'all' : `[${axis}]`;
      return ofOne(kernel, `over ${over}${keepDims ? ', kept' : ''}`, shape, (x) => call(x, axis, keepDims), dtypes);
    }),
  );

const transposed = (kernel: string, call: Reduce): KernelCase[] =>
  [0, 1, 2, [0, 2]].map((axis) =>
    row(kernel, `transposed, over [${axis}]`, [input([2, 3, 4])], (x) => call(tf.transpose(x!, [2, 0, 1]), axis)),
  );

function places(kernel: string, call: (x: tf.Tensor, axis: number) => tf.Tensor): KernelCase[] {
  const sides: [number[], number][] = [
    [[4], 0],
    [[2, 3], 0],
    [[2, 3], -1],
    [[2, 3, 4], 1],
    [[1, 1], 1],
    [[0, 3], 1],
  ];
  const ties = row(kernel, 'the first of equal ones', [inputOf([1, 3, 3, 0, 0, 2], [2, 3])], (x) => call(x!, 1));
  const cases = sides.flatMap(([shape, axis]) => ofOne(kernel, `along ${axis}`, shape, (x) => call(x, axis)));
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
  return sides.flatMap(([shape, axis]) =>
    [0, 1, 2, 3].flatMap((bits) => {
      const [exclusive, inReverse] = [(bits & 1) !== 0, (bits & 2) !== 0];
      const title = `along ${axis}${exclusive ? ', exclusive' : ''}${inReverse ? ', reverse' : ''}`;
      return ofOne(kernel, title, shape, (x) => call(x, axis, exclusive, inReverse), NUMBERS);
    }),
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
