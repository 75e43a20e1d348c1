import * as tf from '@tensorflow/tfjs';
import {
  DTYPES,
  input,
  inputOf,
  NUMBERS,
  ofOne,
  row,
  SHAPES,
  SPECIAL,
  type Dtype,
  type KernelCase,
} from '../kernel-case.ts';

interface Options {
  readonly from?: number;
  readonly to?: number;
  /** Default float32 and int32. */
  readonly dtypes?: readonly Dtype[];
  /** Numbers of {@link SPECIAL} that it treats in a way of its own. */
  readonly except?: readonly number[];
  /** The gradient isn't compared at NaN, where it is 0 here. */
  readonly steps?: boolean;
}

function unary(kernel: string, call: (x: tf.Tensor) => tf.Tensor, options: Options = {}): KernelCase[] {
  const { from, to, dtypes = NUMBERS, except = [] } = options;
  const range = from === undefined || to === undefined ? {} : { from, to };
  const special = SPECIAL.filter((each) => !except.some((other) => Object.is(each, other)));
  return [
    ...SHAPES.flatMap((shape) => ofOne(kernel, '', shape, call, dtypes, range)),
    row(kernel, 'special numbers', [inputOf(special)], call as KernelCase['call'], { gradient: !options.steps }),
    row(
      kernel,
      'special numbers but NaN',
      [inputOf(special.filter((each) => each === each))],
      call as KernelCase['call'],
    ),
  ];
}

const REAL = { dtypes: ['float32'] } as const;
const ANY = { dtypes: DTYPES };

/** Kernels that `tf` has under their own names, with a small first letter. */
const named = (kernels: string, options: Options = {}): KernelCase[] =>
  kernels.split(' ').flatMap((kernel) => {
    const name = `${kernel[0]!.toLowerCase()}${kernel.slice(1)}` as 'abs';
    return unary(kernel, (x) => tf[name](x), options);
  });

/** Cases of the kernels of one argument. */
export const elementwiseRows = (): KernelCase[] => [
  ...named('Asinh Atan Erf Exp Expm1 IsFinite IsInf Neg Reciprocal Round Selu Sinh Softplus Square'),
  ...named('Ceil Cos Cosh Elu Floor Sigmoid Sin Tanh', REAL),
  ...named('OnesLike ZerosLike', ANY),
  ...named('Abs Relu Relu6', { steps: true }),
  ...named('Acos Asin Atanh', { from: -0.9, to: 0.9 }),
  ...named('Acosh', { from: 1.1, to: 4 }),
  ...named('Log1p', { from: -0.9, to: 4 }),
  ...named('Log Rsqrt Sqrt', { from: 0.1, to: 4, ...REAL }),
  ...named('Tan', { from: -1, to: 1, ...REAL }),
  ...named('Sign', { except: [NaN] }),
  ...unary('IsNan', tf.isNaN),
  ...unary('Identity', tf.clone, ANY),
  ...DTYPES.flatMap((dtype) => unary('Cast', (x) => tf.cast(x, dtype), ANY)),
  ...unary('LogicalNot', (x) => tf.logicalNot(tf.cast(x, 'bool')), ANY),
  ...unary('ClipByValue', (x) => tf.clipByValue(x, -1, 1.5), { steps: true }),
  ...unary('ClipByValue', (x) => tf.clipByValue(x, 0, Infinity), { steps: true }),
  ...unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.3), { steps: true }),
  ...unary('Step', (x) => tf.step(x, 0.2), { except: [NaN] }),
  ...SHAPES.map((shape) =>
    row(
      'EluGrad',
      `[${shape}]`,
      [input(shape), input(shape)],
      (dy, y) => tf.engine().runKernel('EluGrad', { dy: dy!, y: y! }) as tf.Tensor,
    ),
  ),
];
