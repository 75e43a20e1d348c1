import * as tf from '@tensorflow/tfjs';
import { input, type KernelCase } from '../kernel-case.ts';

/** A constant that TF.js makes, added to an input. */
const made = (kernel: string, title: string, make: () => tf.Tensor): KernelCase => ({
  kernel,
  title,
  inputs: [input([1], 'int32')],
  call: (x) => [make(), tf.add(x!, make())],
});

/** Cases of the kernels that read nothing. */
export const constantRows = (): KernelCase[] => [
  made('Fill', 'float32', () => tf.fill([2, 3], 0.5)),
  made('Fill', 'int32', () => tf.fill([2], 7, 'int32')),
  made('Fill', 'large', () => tf.fill([40, 40], 0.5)),
  made('Range', 'up', () => tf.range(2, 9, 3, 'int32')),
  made('Range', 'down', () => tf.range(5, 0)),
  made('Range', 'empty', () => tf.range(2, 2)),
  made('Range', 'real', () => tf.range(0, 1, 0.25)),
  made('LinSpace', 'of five', () => tf.linspace(-1, 1, 5)),
  made('LinSpace', 'of one', () => tf.linspace(3, 4, 1)),
];
