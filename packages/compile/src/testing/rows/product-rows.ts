import * as tf from '@tensorflow/tfjs';
import { input, row, shapesOf, type Dtype, type KernelCase } from '../kernel-case.ts';

/** [a, b] before transposition. */
const FACTORS = [
  '2,3 3,4',
  '1,1 1,1',
  '1,3 3,1',
  '5,2,3 5,3,4',
  '1,2,3 1,3,4',
  '1,2,3 5,3,4',
  '5,2,3 1,3,4',
  '2,2,2,3 2,2,3,4',
  '2,0 0,3',
  '0,2 2,3',
  '2,3 3,0',
].map(shapesOf);

const swapped = (shape: readonly number[], swap: boolean): number[] =>
  swap ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : [...shape];

const product = (dtype: Dtype, [a, b]: readonly (readonly number[])[], flags: number): KernelCase => {
  const [transposeA, transposeB] = [(flags & 1) !== 0, (flags & 2) !== 0];
  const title = `${dtype} [${a}] [${b}]${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`;
  const inputs = [input(swapped(a!, transposeA), dtype), input(swapped(b!, transposeB), dtype)];
  return row('BatchMatMul', title, inputs, (left, right) => tf.matMul(left!, right!, transposeA, transposeB));
};

const fused = (activation: string, extra: { leaky?: number; prelu?: boolean; bias?: boolean } = {}): KernelCase => ({
  kernel: '_FusedMatMul',
  title: `${activation}${extra.bias === false ? ' without bias' : ''}`,
  inputs: [input([3, 2]), input([2, 4]), input([4]), input([1, 4])],
  call: (a, b, bias, slope) =>
    tf.fused.matMul({
      a: a!,
      b: b!,
      activation: activation as 'relu',
      ...(extra.bias !== false && { bias: bias! }),
      ...(extra.leaky !== undefined && { leakyreluAlpha: extra.leaky }),
      ...(extra.prelu && { preluActivationWeights: slope! }),
    }),
  gradient: false, // TF.js takes the gradient of a product, a sum and an activation instead
});

const einsum = (equation: string, ...shapes: number[][]): KernelCase =>
  row(
    'Einsum',
    equation,
    shapes.map((shape) => input(shape)),
    (...tensors) => tf.einsum(equation, ...tensors),
  );

/** Cases of the matrix products. */
export const productRows = (): KernelCase[] => [
  ...FACTORS.flatMap((factors) => [0, 1, 2, 3].map((flags) => product('float32', factors, flags))),
  ...FACTORS.map((factors) => product('int32', factors, 0)),
  ...['linear', 'relu', 'relu6', 'sigmoid', 'elu'].map((activation) => fused(activation)),
  fused('relu', { bias: false }),
  fused('leakyrelu', { leaky: 0.3 }),
  fused('prelu', { prelu: true }),
  einsum('ij,jk->ik', [2, 3], [3, 4]),
  einsum('bij,bjk->bik', [2, 3, 2], [2, 2, 4]),
  einsum('bi,ei->be', [3, 4], [2, 4]),
  einsum('i,j->ij', [3], [2]),
  einsum('ij->ji', [2, 3]),
  einsum('ij->', [2, 3]),
  einsum('ij,jk->ik', [2, 0], [0, 4]),
];
