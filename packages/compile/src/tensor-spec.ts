import { CompileError } from './compile-error.ts';

/** The shape and type of a tensor that a function takes. */
export interface TensorSpec {
  readonly shape: readonly number[];
  /** Default float32. */
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

const DTYPES = ['float32', 'int32', 'bool'];

/** @throws CompileError that says which spec is wrong, and why */
export function checkSpec(name: string, { shape, dtype = 'float32' }: TensorSpec): void {
  if (!Array.isArray(shape) || !shape.every((side) => Number.isInteger(side) && side >= 0)) {
    throw new CompileError(
      `Expected whole sides for the shape of input "${name}", received [${shape}]: a graph has fixed shapes.`,
    );
  }
  if (!DTYPES.includes(dtype))
    throw new CompileError(`Expected float32, int32 or bool for input "${name}", received ${dtype}.`);
}
