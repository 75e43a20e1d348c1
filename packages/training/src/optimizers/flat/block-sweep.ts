import type { Arithmetic } from '@polytask/core';
import type { Optimizer } from '../optimizer.ts';
import { GRADIENT, MEAN_SQUARE, PARAMETER, slotBuffer, type FlatBuffers, type Sweep } from './flat-buffers.ts';

/** The numbers of a block, so that the intermediate values of an update stay in the cache of the processor. */
const BLOCK = 1024;

/** The arithmetic of blocks in plain JavaScript. A Float32Array rounds each result to float32. */
function blockArithmetic(length: number): Arithmetic<Float32Array> {
  const block = (value: Float32Array | number) =>
    typeof value === 'number' ? new Float32Array(length).fill(value) : value;
  const unary = (compute: (a: number) => number) => (a: Float32Array | number) => block(a).map(compute);
  const binary =
    (compute: (a: number, b: number) => number) => (a: Float32Array | number, b: Float32Array | number) => {
      const others = block(b);
      return block(a).map((value, i) => compute(value, others[i]!));
    };
  return {
    add: binary((a, b) => a + b),
    sub: binary((a, b) => a - b),
    mul: binary((a, b) => a * b),
    div: binary((a, b) => a / b),
    maximum: binary(Math.max),
    minimum: binary(Math.min),
    neg: unary((a) => -a),
    abs: unary(Math.abs),
    sign: unary((a) => Number(a > 0) - Number(a < 0)),
    sqrt: unary(Math.sqrt),
    square: unary((a) => a * a),
  };
}

/** The sweep without WebAssembly. It gives the same values, and is slower. */
export function blockSweep(optimizer: Optimizer, { arrays }: FlatBuffers): Sweep {
  const parameters = arrays[PARAMETER]!;
  return (coefficients, end, start = 0) => {
    for (let from = start; from < end; from += BLOCK) {
      const to = Math.min(from + BLOCK, end);
      const arithmetic = blockArithmetic(to - from);
      const read = (buffer: string) => arrays[buffer]!.slice(from, to);
      const slots = Object.keys(optimizer.slots).map((slot) => [slot, read(slotBuffer(slot))] as const);
      const fill = (value: number) => new Float32Array(to - from).fill(value);
      const scalars = Object.entries(coefficients).map(([name, value]) => [name, fill(value)] as const);
      const state = {
        ...{ parameter: read(PARAMETER), gradient: read(GRADIENT), slots: Object.fromEntries(slots) },
        ...(optimizer.perRow && { meanSquare: read(MEAN_SQUARE) }),
      };
      const next = optimizer.update(state, Object.fromEntries(scalars), arithmetic);
      parameters.set(next.parameter, from);
      for (const [slot, value] of Object.entries(next.slots)) arrays[slotBuffer(slot)]!.set(value, from);
    }
  };
}
