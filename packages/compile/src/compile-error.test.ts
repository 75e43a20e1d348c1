import * as tf from '@tensorflow/tfjs';
import { beforeEach, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { CompileError } from './compile-error.ts';
import { trace } from './trace.ts';

beforeEach(() => tf.setBackend('cpu'));

const X = { x: { shape: [2, 2] } };

type Fn = Parameters<typeof trace>[0];

const IMAGE = { x: { shape: [1, 4, 4, 1] } };

const half = tf.op({ half_: (x: tf.Tensor): tf.Tensor => tf.scalar(x.dataSync()[0]! / 2) });

const FAULTS: [what: string, fn: Fn, message: RegExp, specs?: Parameters<typeof trace>[1]][] = [
  [
    'a kernel that is not traced',
    (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'),
    /uses tf\.maxPool \(kernel MaxPool\), which can't be compiled\. Write it with other operations/,
    IMAGE,
  ],
  [
    'a kernel inside of a gradient',
    (x) => tf.grad((y) => tf.sum(tf.localResponseNormalization(y as tf.Tensor4D)))(x),
    /\(kernel LRN\)/,
    IMAGE,
  ],
  [
    'a kernel that no backend has',
    (x) => tf.engine().runKernel('Abacus', { x }) as tf.Tensor,
    /the TF\.js kernel Abacus/,
  ],
  [
    'dataSync',
    (x) => tf.scalar(x.dataSync()[0]!),
    /The function asks for the numbers of a tensor \[2,2\] while it is compiled/,
  ],
  [
    'arraySync',
    (x) => tf.scalar((tf.exp(x).arraySync() as number[][])[0]![0]!),
    /asks for the numbers of a tensor \[2,2\]/,
  ],
  ['print', (x) => (x.print(), x), /asks for the numbers/],
  ['data without waiting', (x) => (void x.data().then(() => undefined), x), /asks for the numbers of a tensor \[2,2\]/],
  [
    'an operation that reads',
    (x) => (void tf.whereAsync(tf.greater(x, 0)), x),
    /asks for the numbers of a tensor \[2,2\]/,
  ],
  ['an operation of its own that reads', (x) => half(x), /^tf\.half asks for the numbers/],
  ['an async function', (async (x: tf.Tensor) => tf.neg(x)) as unknown as Fn, /is async/],
  [
    'an async function that reads',
    (async (x: tf.Tensor) => tf.scalar((await x.data())[0]!)) as unknown as Fn,
    /asks for the numbers/,
  ],
  [
    'no tensor',
    () => 3 as unknown as tf.Tensor,
    /Expected a tensor for the result "output" of the function to compile, received number/,
  ],
  ['null', () => ({ loss: null }) as unknown as tf.Tensor[], /result "loss" of the function to compile, received null/],
  [
    'a disposed result',
    (x) => {
      const y = tf.neg(x);
      y.dispose();
      return y;
    },
    /The result "output" of the function to compile is disposed/,
  ],
  ['texts', () => tf.tensor1d(['a']), /dtype string can't be compiled/],
  ['complex numbers', (x) => tf.real(tf.complex(x, x)), /kernel Complex|complex64/],
  ['a function in a function', (x) => (trace((y) => y, X), x), /compiles another one/],
  [
    'a shape that is not whole',
    (x) => x,
    /Expected whole sides for the shape of input "x", received \[2,-1\]/,
    { x: { shape: [2, -1] } },
  ],
  [
    'a dtype that is none',
    (x) => x,
    /Expected float32, int32 or bool for input "x", received string/,
    { x: { shape: [2], dtype: 'string' as 'bool' } },
  ],
  [
    'a variable of a computed value',
    (x) => tf.neg(tf.variable(x, true, 'late')),
    /makes the variable "late" from a computed tensor/,
  ],
];

it.each(FAULTS)('%s', async (_what, fn, message, specs = X) => {
  const before = tf.memory().numTensors;
  expect(() => trace(fn, specs)).toThrow(message);
  expect(() => trace(fn, specs)).toThrow(CompileError);
  expect(tf.memory().numTensors).toBe(before);
  expect(tf.getBackend()).toBe('cpu');
});

it('reads a variable', () => {
  const v = tf.variable(tf.scalar(1), true, 'rate');
  expect(() => trace(() => tf.scalar(v.dataSync()[0]!), {})).toThrow('asks for the numbers of the variable "rate" []');
  v.dispose();
});

it('names the kernel, for who falls back to eager', async () => {
  const error = await compile((x) => tf.unique(x as tf.Tensor1D).values, { x: { shape: [3] } }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(CompileError);
  expect((error as CompileError).kernel).toBe('Unique');
});

it('nothing to compute', async () => {
  await expect(compile(() => undefined, {})).rejects.toThrow('there is nothing to compute');
});

it('reads constants, and computes with them what is not traced', () => {
  const image = tf.ones([1, 4, 4, 1]) as tf.Tensor4D;
  const { outputs } = trace((x) => [tf.mul(x, image.dataSync()[0]!), tf.maxPool(image, 2, 2, 'valid')], X);
  expect([...outputs[1]!.value.constant!]).toEqual([1, 1, 1, 1]);
  image.dispose();
});
