import { sizeOf } from '../graph/graph.ts';

/**
 * The numbers of a matrix with fewer bits than 32. `float16` and `int8` only store them so, and compute in float32. With `dynamic-int8`,
 * products with wide matrices are computed in int8 (dynamic quantization), and all else stays float32.
 */
export type Precision = 'float16' | 'int8' | 'dynamic-int8';

/** A constant in fewer bits. Its numbers are `values` · `scale`, in float32. */
export interface NarrowConstant {
  /** The type of `values`, as ONNX counts types. */
  readonly dataType: number;
  readonly values: Uint16Array | Int8Array;
  /** [..., 1, columns], of int8: one number per column, so that a column with small numbers keeps its digits. */
  readonly scale?: { readonly shape: readonly number[]; readonly values: Float32Array };
}

/** Smaller constants stay as they are: a model has few of them. */
const LEAST = 256;

/** The fewest rows of a matrix with a scale for each column. */
const LEAST_ROWS = 8;

/** The largest finite float16. */
const LARGEST_HALF = 65_504;

/** Rounds to float16, or to 255 steps between ±max |w| of a column. Undefined for constants that stay float32. */
export function narrowed(
  precision: 'float16' | 'int8',
  numbers: Float32Array,
  shape: readonly number[],
): NarrowConstant | undefined {
  if (sizeOf(shape) < LEAST) return undefined;
  if (precision === 'int8') return shape.length < 2 || shape.at(-2)! < LEAST_ROWS ? undefined : toInt8(numbers, shape);
  if (numbers.some((x) => Math.abs(x) > LARGEST_HALF)) return undefined;
  return { dataType: 10, values: Uint16Array.from(numbers, halfOf) };
}

function toInt8(numbers: Float32Array, shape: readonly number[]): NarrowConstant {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const scale = new Float32Array(numbers.length / rows);
  const at = (i: number) => Math.floor(i / (rows * columns)) * columns + (i % columns);
  numbers.forEach((x, i) => (scale[at(i)] = Math.max(scale[at(i)]!, Math.abs(x) / 127)));
  const values = Int8Array.from(numbers, (x, i) => (scale[at(i)] === 0 ? 0 : Math.round(x / scale[at(i)]!)));
  return { dataType: 3, values, scale: { shape: [...shape.slice(0, -2), 1, columns], values: scale } };
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of the nearest float16; of two, the even one. */
export function halfOf(x: number): number {
  float[0] = Math.abs(x);
  const sign = Object.is(x, -0) || x < 0 ? 0x8000 : 0;
  if (float[0] < 2 ** -14) return sign | evenRound(float[0] * 2 ** 24); // steps of 2⁻²⁴
  const rebased = bits[0]! - (112 << 23); // the exponent's bias is 127 in float32, and 15 in float16
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

function evenRound(x: number): number {
  const below = Math.floor(x);
  const over = x - below;
  return over > 0.5 || (over === 0.5 && below % 2 === 1) ? below + 1 : below;
}
