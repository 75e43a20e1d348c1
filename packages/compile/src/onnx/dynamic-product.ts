import { ONNX_TYPES } from '../graph/emit.ts';
import * as onnx from './messages.ts';
import type { NarrowConstant } from './narrow-numbers.ts';

/** The fewest rows and columns of a matrix whose product is faster in int8. */
const LEAST = 32;

/** Whether x · W is faster in int8, for a matrix W, or a bank of matrices, of this shape. */
export const isWide = (shape: readonly number[]): boolean =>
  shape.length >= 2 && shape.at(-1)! >= LEAST && shape.at(-2)! >= LEAST;

const UINT8 = 2;
const LEVELS = 127;
const float = (name: string, value: number) =>
  onnx.tensor({ name, dims: [], dataType: ONNX_TYPES.float32, rawData: new Uint8Array(Float32Array.of(value).buffer) });
/** The numbers that all quantizations of a file share. A row of zeros is divided by `least`, in place of its maximum. */
const NAMES = {
  levels: 't:levels',
  least: 't:least',
  one: 't:one',
  middle: 't:middle',
  step: 't:step',
  zero: 't:zero',
};
export const quantizationConstants = (): onnx.Fields[] => [
  ...[float(NAMES.levels, LEVELS), float(NAMES.least, 1e-30), float(NAMES.step, 1 / LEVELS)],
  ...[float(NAMES.one, 1), float(NAMES.zero, 0)],
  onnx.tensor({ name: NAMES.middle, dims: [], dataType: UINT8, rawData: Uint8Array.of(LEVELS + 1) }),
];

/**
 * The nodes that quantize rows x [..., rows, inner], each to 255 levels between ± its own largest number: `KEY:rows` is uint8, `KEY:row` the
 * scale, [..., rows, 1]. A row with NaN or an infinite number has a scale of NaN, so its products don't become finite.
 */
export function quantizedRows(x: string, key: string, lastAxis: string): onnx.Fields[] {
  const node = nodesOf(key);
  return [
    node('Abs', [x], 'sizes'),
    node('ReduceMax', [`${key}:sizes`, lastAxis], 'largest', [onnx.attributeOf('keepdims', 1)]),
    node('Max', [`${key}:largest`, NAMES.least], 'range'),
    node('Div', [NAMES.levels, `${key}:range`], 'inverse'),
    node('Mul', [x, `${key}:inverse`], 'leveled'),
    node('QuantizeLinear', [`${key}:leveled`, NAMES.one, NAMES.middle], 'rows'),
    node('Mul', [`${key}:range`, NAMES.step], 'finite'),
    node('ReduceSum', [`${key}:sizes`, lastAxis], 'all', [onnx.attributeOf('keepdims', 1)]), // the maximum passes over NaN, a sum does not
    node('Mul', [`${key}:all`, NAMES.zero], 'fault'),
    node('Add', [`${key}:finite`, `${key}:fault`], 'row'),
  ];
}

/** The nodes of x · W in int8, with sums in int32: (x̂ · Ŵ) · column · row, where x = x̂ · row and W = Ŵ · column. */
export function dynamicProduct(key: string, matrix: string, column: string, result: string): onnx.Fields[] {
  const node = nodesOf(result);
  return [
    node('MatMulInteger', [`${key}:rows`, matrix, NAMES.middle], 'sums'),
    node('Cast', [`${result}:sums`], 'wide', [onnx.attributeOf('to', ONNX_TYPES.float32)]),
    node('Mul', [`${result}:wide`, column], 'columns'),
    onnx.node({ op: 'Mul', name: `${result}:product`, inputs: [`${result}:columns`, `${key}:row`], outputs: [result] }),
  ];
}

const nodesOf = (key: string) => (op: string, inputs: readonly string[], part: string, attributes?: onnx.Fields[]) =>
  onnx.node({ op, name: `${key}:${part}`, inputs, outputs: [`${key}:${part}`], ...(attributes && { attributes }) });

/** The initializers of a quantized matrix, under these names. */
export const quantizedMatrix = (
  { dataType, values, scale }: NarrowConstant,
  shape: readonly number[],
  [matrix, column]: readonly [string, string],
): onnx.Fields[] => [
  onnx.tensor({ name: matrix, dims: shape, dataType, rawData: onnx.bytesOf(values) }),
  onnx.tensor({ name: column, dims: scale!.shape, dataType: ONNX_TYPES.float32, rawData: onnx.bytesOf(scale!.values) }),
];
