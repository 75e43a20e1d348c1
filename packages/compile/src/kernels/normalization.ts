import { sizeOf, type Value } from '../graph/value.ts';
import { withAttrs, type Kernels } from './kernel.ts';
import { zero } from './numbers.ts';

/** Batch normalization, and the making of matrices. */
export const normalization: Kernels = {
  FusedBatchNorm: withAttrs<{ varianceEpsilon?: number | null }>(({ emit, inputs, attrs }) => {
    const { x, mean, variance, scale, offset } = inputs as {
      x: Value;
      mean: Value;
      variance: Value;
      scale?: Value;
      offset?: Value;
    };
    const shifted = emit.binary('Add', variance, emit.graph.scalar(attrs.varianceEpsilon ?? 0.001));
    const inverse = emit.unary('Reciprocal', emit.unary('Sqrt', shifted));
    const factor = scale ? emit.binary('Mul', inverse, scale) : inverse;
    const scaled = emit.binary('Mul', emit.binary('Sub', x, mean), factor);
    return offset ? emit.binary('Add', scaled, offset) : scaled;
  }),
  Diag: withAttrs(({ emit, inputs }) => {
    const x = inputs['x']!;
    const size = sizeOf(x.shape);
    const eye = Uint8Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
    const mask = emit.graph.constant(eye, { type: 'bool', shape: [size, size] });
    const matrix = emit.where(mask, emit.reshape(x, [size, 1]), zero(emit, x.type));
    return emit.reshape(matrix, [...x.shape, ...x.shape]);
  }),
};
