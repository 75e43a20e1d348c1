import { ONNX_TYPES } from '../graph/emit.ts';
import * as onnx from './messages.ts';

/** The fewest rows and columns of a matrix whose product is faster in int8. */
const LEAST = 32;

/** Whether x · W is faster in int8, for a matrix W, or a bank of matrices, of this shape. */
export const isWide = (shape: readonly number[]): boolean =>
  shape.length >= 2 && shape.at(-1)! >= LEAST && shape.at(-2)! >= LEAST;

const UINT8 = 2;
const LEVELS = 127;

/** The numbers that all quantizations of a file share. A row of zeros is divided by `t:least`, in place of its maximum. */
const FLOATS = { 't:levels': LEVELS, 't:least': 1e-30, 't:step': 1 / LEVELS, 't:one': 1, 't:zero': 0 };

export const quantizationConstants = (): onnx.Fields[] => [
  ...Object.entries(FLOATS).map(([name, value]) =>
    onnx.tensor({ name, dims: [], dataType: ONNX_TYPES.float32, rawData: onnx.bytesOf(Float32Array.of(value)) }),
  ),
  onnx.tensor({ name: 't:middle', dims: [], dataType: UINT8, rawData: Uint8Array.of(LEVELS + 1) }),
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
    node('Max', [`${key}:largest`, 't:least'], 'range'),
    node('Div', ['t:levels', `${key}:range`], 'inverse'),
    node('Mul', [x, `${key}:inverse`], 'leveled'),
    node('QuantizeLinear', [`${key}:leveled`, 't:one', 't:middle'], 'rows'),
    node('Mul', [`${key}:range`, 't:step'], 'finite'),
    node('ReduceSum', [`${key}:sizes`, lastAxis], 'all', [onnx.attributeOf('keepdims', 1)]), // the maximum passes over NaN, a sum does not
    node('Mul', [`${key}:all`, 't:zero'], 'fault'),
    node('Add', [`${key}:finite`, `${key}:fault`], 'row'),
  ];
}

/** The nodes of x · W in int8, with sums in int32: (x̂ · Ŵ) · column · row, where x = x̂ · row and W = Ŵ · column. */
export function dynamicProduct(key: string, matrix: string, column: string, result: string): onnx.Fields[] {
  const node = nodesOf(result);
  return [
    node('MatMulInteger', [`${key}:rows`, matrix, 't:middle'], 'sums'),
    node('Cast', [`${result}:sums`], 'wide', [onnx.attributeOf('to', ONNX_TYPES.float32)]),
    node('Mul', [`${result}:wide`, column], 'columns'),
    onnx.node({ op: 'Mul', name: `${result}:product`, inputs: [`${result}:columns`, `${key}:row`], outputs: [result] }),
  ];
}

const nodesOf = (key: string) => (op: string, inputs: readonly string[], part: string, attributes?: onnx.Fields[]) =>
  onnx.node({ op, name: `${key}:${part}`, inputs, outputs: [`${key}:${part}`], ...(attributes && { attributes }) });
