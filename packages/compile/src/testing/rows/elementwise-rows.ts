import * as tf from '@tensorflow/tfjs';
import { inputOf, input, SHAPES, SPECIAL, type Dtype, type KernelCase } from '../kernel-case.ts';

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
  const { from, to, dtypes = ['float32', 'int32'], except = [] } = options;
  const range = from === undefined || to === undefined ? {} : { from, to };
  const special = SPECIAL.filter((each) => !except.some((other) => Object.is(each, other)));
  return [
    ...dtypes.flatMap((dtype) =>
      SHAPES.map((shape): KernelCase => ({
        kernel,
        title: `${dtype} [${shape}]`,
        inputs: [input(shape, dtype, range)],
        call,
      })),
    ),
    { kernel, title: 'special numbers', inputs: [inputOf(special)], call, gradient: !options.steps },
    {
      kernel,
      title: 'special numbers but NaN',
      inputs: [inputOf(special.filter((each) => !Number.isNaN(each)))],
      call,
    },
  ];
}

const REAL = { dtypes: ['float32'] } as const;
const ANY = { dtypes: ['float32', 'int32', 'bool'] } as const;

/** Cases of the kernels of one argument. */
export const elementwiseRows = (): KernelCase[] => [
  ...unary('Abs', tf.abs, { steps: true }),
  ...unary('Acos', tf.acos, { from: -0.9, to: 0.9 }),
  ...unary('Acosh', tf.acosh, { from: 1.1, to: 4 }),
  ...unary('Asin', tf.asin, { from: -0.9, to: 0.9 }),
  ...unary('Asinh', tf.asinh),
  ...unary('Atan', tf.atan),
  ...unary('Atanh', tf.atanh, { from: -0.9, to: 0.9 }),
  ...unary('Cast', (x) => tf.cast(x, 'float32'), ANY),
  ...unary('Cast', (x) => tf.cast(x, 'int32'), ANY),
  ...unary('Cast', (x) => tf.cast(x, 'bool'), ANY),
  ...unary('Ceil', tf.ceil, { ...REAL }),
  ...unary('ClipByValue', (x) => tf.clipByValue(x, -1, 1.5), { steps: true }),
  ...unary('ClipByValue', (x) => tf.clipByValue(x, 0, Infinity), { steps: true }),
  ...unary('Cos', tf.cos, { ...REAL }),
  ...unary('Cosh', tf.cosh, { ...REAL }),
  ...unary('Elu', tf.elu, { ...REAL }),
  ...unary('Erf', tf.erf),
  ...unary('Exp', tf.exp),
  ...unary('Expm1', tf.expm1),
  ...unary('Floor', tf.floor, { ...REAL }),
  ...unary('Identity', tf.clone, ANY),
  ...unary('IsFinite', tf.isFinite),
  ...unary('IsInf', tf.isInf),
  ...unary('IsNan', tf.isNaN),
  ...unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.3), { steps: true }),
  ...unary('Log', tf.log, { from: 0.1, to: 4, ...REAL }),
  ...unary('Log1p', tf.log1p, { from: -0.9, to: 4 }),
  ...unary('LogicalNot', (x) => tf.logicalNot(tf.cast(x, 'bool')), ANY),
  ...unary('Neg', tf.neg),
  ...unary('OnesLike', tf.onesLike, ANY),
  ...unary('Reciprocal', tf.reciprocal),
  ...unary('Relu', tf.relu, { steps: true }),
  ...unary('Relu6', tf.relu6, { steps: true }),
  ...unary('Round', tf.round),
  ...unary('Rsqrt', tf.rsqrt, { from: 0.1, to: 4, ...REAL }),
  ...unary('Selu', tf.selu),
  ...unary('Sigmoid', tf.sigmoid, { ...REAL }),
  ...unary('Sign', tf.sign, { except: [NaN] }),
  ...unary('Sin', tf.sin, { ...REAL }),
  ...unary('Sinh', tf.sinh),
  ...unary('Softplus', tf.softplus),
  ...unary('Sqrt', tf.sqrt, { from: 0.1, to: 4, ...REAL }),
  ...unary('Square', tf.square),
  ...unary('Step', (x) => tf.step(x, 0.2), { except: [NaN] }),
  ...unary('Tan', tf.tan, { from: -1, to: 1, ...REAL }),
  ...unary('Tanh', tf.tanh, { ...REAL }),
  ...unary('ZerosLike', tf.zerosLike, ANY),
  ...SHAPES.map((shape): KernelCase => ({
    kernel: 'EluGrad',
    title: `[${shape}]`,
    inputs: [input(shape), input(shape)],
    call: (dy, y) => tf.engine().runKernel('EluGrad', { dy: dy!, y: y! }) as tf.Tensor,
  })),
];
