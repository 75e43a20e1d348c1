import * as tf from '@tensorflow/tfjs';
import { input, row, seed, type KernelCase } from './kernel-case.ts';
import { binaryRows } from './rows/binary-rows.ts';
import { composedRows } from './rows/composed-rows.ts';
import { elementwiseRows } from './rows/elementwise-rows.ts';
import { indexRows } from './rows/index-rows.ts';
import { productRows } from './rows/product-rows.ts';
import { reductionRows } from './rows/reduction-rows.ts';
import { shapeRows } from './rows/shape-rows.ts';

/** A constant that TF.js makes, added to an input. */
const constant = (kernel: string, title: string, make: () => tf.Tensor): KernelCase =>
  row(kernel, title, [input([1], 'int32')], (x) => [make(), tf.add(x!, make())]);

/** Cases of the kernels that read nothing. */
const constantRows = (): KernelCase[] => [
  constant('Fill', 'float32', () => tf.fill([2, 3], 0.5)),
  constant('Fill', 'int32', () => tf.fill([2], 7, 'int32')),
  constant('Fill', 'bool', () => tf.fill([2], 1, 'bool')),
  constant('Fill', 'large', () => tf.fill([40, 40], 0.5)),
  constant('Range', 'up', () => tf.range(2, 9, 3, 'int32')),
  constant('Range', 'down', () => tf.range(5, 0)),
  constant('Range', 'empty', () => tf.range(2, 2)),
  constant('Range', 'down by fractions', () => tf.range(5.5, 0)),
  constant('Range', 'down in steps', () => tf.range(5, -2, -3)),
  constant('Range', 'the wrong way', () => tf.concat([tf.range(5, 0, 2), tf.range(0, 5, -1)])),
  constant('Range', 'real', () => tf.range(0, 1, 0.25)),
  constant('LinSpace', 'of five', () => tf.linspace(-1, 1, 5)),
  constant('LinSpace', 'of one', () => tf.linspace(3, 4, 1)),
];

/** All cases by kernel, with the same values at every call. */
export function kernelCases(): Map<string, KernelCase[]> {
  seed(7);
  const makers = [elementwiseRows, binaryRows, reductionRows, productRows, shapeRows, indexRows];
  const rows = [...makers, constantRows, composedRows].flatMap((make) => make());
  const byKernel = new Map<string, KernelCase[]>();
  for (const each of rows) byKernel.set(each.kernel, [...(byKernel.get(each.kernel) ?? []), each]);
  return byKernel;
}
