import type { EncodedTable } from '../examples/encoded-table.ts';
import { duplicatedRows } from './duplicated-rows.ts';
import { labelsAmongFeatures } from './labels-among-features.ts';
import { missingClasses } from './missing-classes.ts';
import type { DataWarning } from './warnings.ts';

/**
 * Looks for what makes a comparison worthless: a label among the features, rows that stand in two parts, a class that a part
 * lacks. It changes nothing.
 *
 * @example for (const { message } of inspect(split(table, { test: 0.1 }))) console.warn(message);
 */
export function inspect(parts: {
  readonly train: EncodedTable;
  readonly validation: EncodedTable;
  readonly test: EncodedTable;
}): DataWarning[] {
  const { train, validation, test } = parts;
  return [
    ...labelsAmongFeatures(train),
    ...duplicatedRows(['validation', validation], ['train', train]),
    ...duplicatedRows(['test', test], ['train', train]),
    ...duplicatedRows(['test', test], ['validation', validation]),
    ...missingClasses('train', train),
    ...missingClasses('validation', validation),
    ...missingClasses('test', test),
  ];
}
