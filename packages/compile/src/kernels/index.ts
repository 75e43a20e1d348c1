import { binary, elementwise } from './elementwise.ts';
import { indices, scatters } from './indices.ts';
import { type Kernels, ofInputs } from './kernel.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shapes } from './shapes.ts';
import * as tf from '@tensorflow/tfjs-core';
import type { Emitter } from '../graph/emit.ts';
import { typeOf, type Value, type Values } from '../graph/graph.ts';

type NumberType = 'float32' | 'int32' | 'bool';

/** Each number is the one before plus the step, with the rounding of its type, as in TF.js. */
function steps(emit: Emitter, count: number, start: number, step: number, dtype: NumberType): Value {
  const values = tf.util.makeZerosTypedArray(count, dtype) as Values;
  for (let i = 0; i < count; i++) values[i] = i === 0 ? start : values[i - 1]! + step;
  return emit.graph.constant(values, { type: typeOf(dtype), shape: [count] });
}

/** Kernels that read no tensor. The program needs no backend of TF.js that has them. */
const constants: Kernels = {
  Fill: ofInputs<never, { shape: number[]; value: number; dtype?: NumberType }>(
    ({ emit, attrs: { shape, value, dtype } }) =>
      emit.graph.filled(value, { type: typeOf(dtype ?? tf.util.inferDtype(value)), shape }),
  ),
  Range: ofInputs<never, { start: number; stop: number; step: number; dtype: NumberType }>(({ emit, attrs }) => {
    const { start, stop, step, dtype } = attrs;
    const isEmpty = step > 1 ? stop < start : step < 0 && start < stop;
    const count = isEmpty ? 0 : Math.abs(Math.ceil((stop - start) / step));
    return steps(emit, count, start, stop < start && step === 1 ? -1 : step, dtype);
  }),
  LinSpace: ofInputs<never, { start: number; stop: number; num: number }>(({ emit, attrs: { start, stop, num } }) =>
    steps(emit, num, start, (stop - start) / (num - 1), 'float32'),
  ),
};

/** All kernels that can be traced, by their TF.js names. */
export const kernels: Kernels = {
  ...elementwise,
  ...binary,
  ...reductions,
  ...shapes,
  ...products,
  ...indices,
  ...scatters,
  ...constants,
};
