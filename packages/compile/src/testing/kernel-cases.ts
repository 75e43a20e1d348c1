import type { KernelCase } from './kernel-case.ts';
import { seed } from './random-numbers.ts';
import { binaryRows } from './rows/binary-rows.ts';
import { composedRows } from './rows/composed-rows.ts';
import { constantRows } from './rows/constant-rows.ts';
import { elementwiseRows } from './rows/elementwise-rows.ts';
import { indexRows } from './rows/index-rows.ts';
import { productRows } from './rows/product-rows.ts';
import { reductionRows } from './rows/reduction-rows.ts';
import { shapeRows } from './rows/shape-rows.ts';

/** All cases by kernel, with the same numbers at every call. */
export function kernelCases(): Map<string, KernelCase[]> {
  seed(7);
  const rows = [
    ...elementwiseRows(),
    ...binaryRows(),
    ...reductionRows(),
    ...productRows(),
    ...shapeRows(),
    ...indexRows(),
    ...constantRows(),
    ...composedRows(),
  ];
  const byKernel = new Map<string, KernelCase[]>();
  for (const row of rows) byKernel.set(row.kernel, [...(byKernel.get(row.kernel) ?? []), row]);
  return byKernel;
}
