import * as tf from '@tensorflow/tfjs';
import {
  DTYPES,
  input,
  inputOf,
  inTypes,
  NUMBERS,
  PAIRS,
  row,
  shapesOf,
  SPECIAL,
  type CaseInput,
  type Dtype,
  type KernelCase,
} from '../kernel-case.ts';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

interface Options {
  /** Default float32 and int32. */
  readonly dtypes?: readonly Dtype[];
  readonly left?: readonly [number, number];
  readonly right?: readonly [number, number];
  /** Default {@link SPECIAL}: numbers that are paired, each with each. */
  readonly special?: readonly number[];
  /** Its bools hold other numbers than 0 and 1 in TF.js. */
  readonly looseBools?: boolean;
  readonly eager?: Binary;
}

const range = (ends: readonly [number, number] | undefined) => (ends ? { from: ends[0], to: ends[1] } : {});

function pairs(kernel: string, call: Binary, options: Options = {}): KernelCase[] {
  const { dtypes = NUMBERS, left, right, special = SPECIAL, looseBools = false, eager } = options;
  const pair = (title: string, inputs: readonly CaseInput[], loose = false): KernelCase =>
    row(kernel, title, inputs, (a, b) => call(a!, b!), {
      ...{ dtypes: !loose, constants: !loose },
      ...(eager && { eager: (a: tf.Tensor, b: tf.Tensor) => eager(a, b) }),
    });
  const broadcast = dtypes.flatMap((dtype) =>
    PAIRS.map(([a, b]) => {
      const inputs = [input(a, dtype, range(left)), input(b, dtype, range(right))];
      return pair(`${dtype} [${a}] and [${b}]`, inputs, looseBools && dtype === 'bool');
    }),
  );
  const mixed = dtypes.includes('int32') && dtypes.includes('float32') && !eager;
  return [
    ...broadcast,
    ...(mixed
      ? [pair('int32 and float32', [input([3, 2], 'int32', range(left)), input([2], 'float32', range(right))])]
      : []),
    ...(special.length > 0 ? [pair('special numbers', crossed(special))] : []),
  ];
}

/** Each number with each other, as two tensors. */
const crossed = (numbers: readonly number[]): CaseInput[] => [
  inputOf(numbers.flatMap((a) => numbers.map(() => a))),
  inputOf(numbers.flatMap(() => numbers)),
];

const ALL = { dtypes: DTYPES };
const BOOL = { dtypes: ['bool'], special: [] } as const;

const run =
  (kernel: string): Binary =>
  (a, b) =>
    tf.engine().runKernel(kernel, { a, b }) as tf.Tensor;

const select = (shapes: string): KernelCase[] =>
  inTypes(
    'Select',
    `condition and values of ${shapes}`,
    (dtype) => shapesOf(shapes).map((shape, i) => input(shape, i === 0 ? 'bool' : dtype)),
    (where, t, e) => tf.where(where!, t!, e!),
  );

/** Cases of the kernels of two or three arguments that broadcast. */
export const binaryRows = (): KernelCase[] => [
  ...pairs('Add', tf.add, { ...ALL, looseBools: true }),
  ...pairs('Sub', tf.sub),
  ...pairs('Multiply', tf.mul, ALL),
  ...pairs('RealDiv', tf.div, { dtypes: ['float32'] }),
  ...pairs('RealDiv', run('RealDiv'), { dtypes: ['int32'] }),
  ...pairs('FloorDiv', tf.floorDiv),
  ...pairs('Mod', tf.mod),
  ...pairs('Mod', tf.mod, { right: [-3, -1] }),
  ...pairs('Pow', tf.pow, { left: [0.1, 3], right: [0, 3], special: SPECIAL.filter((each) => Math.abs(each) !== 1) }),
  ...pairs('Maximum', tf.maximum, ALL),
  ...pairs('Minimum', tf.minimum, ALL),
  ...pairs('SquaredDifference', tf.squaredDifference),
  ...pairs('Atan2', tf.atan2, { special: [] }),
  row('Atan2', 'the axes', crossed([-2, -1, 0, 1, 2]), (y, x) => tf.atan2(y!, x!), { gradient: false }),
  ...pairs('Prelu', tf.prelu, { dtypes: ['float32'] }),
  ...pairs('BitwiseAnd', tf.bitwiseAnd as Binary, { dtypes: ['int32'], special: [] }).filter(({ inputs }) =>
    sameShapes(inputs),
  ),
  ...pairs('Equal', tf.equal, ALL),
  ...pairs('NotEqual', tf.notEqual, ALL),
  ...pairs('Greater', tf.greater, ALL),
  ...pairs('GreaterEqual', tf.greaterEqual, ALL),
  ...pairs('Less', tf.less, ALL),
  ...pairs('LessEqual', tf.lessEqual, ALL),
  ...pairs('LogicalAnd', tf.logicalAnd, BOOL),
  ...pairs('LogicalOr', tf.logicalOr, BOOL),
  ...pairs('LogicalXor', run('LogicalXor'), { ...BOOL, eager: tf.logicalXor }),
  ...['- - -', '3 3 3', '2,3 3 -', '3 2,3 2,1', '2,1,2 1,3,1 2,3,2', '2,0 2,0 -'].flatMap(select),
  ...[1, 2, 4].map((count) => {
    const inputs = Array.from({ length: count }, () => input([2, 3]));
    return row('AddN', `${count} tensors`, inputs, (...tensors) => tf.addN(tensors));
  }),
];

const sameShapes = ([a, b]: readonly CaseInput[]): boolean => a!.shape.join() === b!.shape.join();
