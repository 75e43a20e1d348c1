import type { KernelCase } from './kernel-case.ts';
import { seed } from './random-numbers.ts';
import { elementwiseRows } from './rows/elementwise-rows.ts';

/** All cases by kernel, with the same numbers at every call. */
export function kernelCases(): Map<string, KernelCase[]> {
  seed(7);
  const rows = [...elementwiseRows()];
  const byKernel = new Map<string, KernelCase[]>();
  for (const row of rows) byKernel.set(row.kernel, [...(byKernel.get(row.kernel) ?? []), row]);
  return byKernel;
}
