import type { EncodedTable } from '../examples/encoded-table.ts';
import type { Table } from '../table/table.ts';
import { duplicatedRows } from './duplicated-rows.ts';
import { labelsAmongFeatures } from './labels-among-features.ts';
import { missingClasses } from './missing-classes.ts';
import { outliers } from './outliers.ts';
import { positiveSpellings } from './positive-spellings.ts';
import type { DataWarning } from './warnings.ts';

/** The parts of a data set. */
export interface InspectedParts<E> {
  readonly train: E;
  readonly validation: E;
  readonly test: E;
}

/**
 * Looks for what makes a comparison worthless: a label among the features, rows that stand in two parts, a class that a part
 * lacks, a row that holds all the variance of a feature. It changes nothing.
 *
 * @param raw the rows that the parts were encoded from, where they are at hand: then spellings of the positive value are
 * compared too, and outliers are told with their place
 * @example for (const { message } of inspect(split(table, { test: 0.1 }))) console.warn(message);
 */
export function inspect(parts: InspectedParts<EncodedTable>, raw?: InspectedParts<Table>): DataWarning[] {
  const { train, validation, test } = parts;
  return [
    ...labelsAmongFeatures(train),
    ...outliers(raw?.train ?? train),
    ...duplicatedRows(['validation', validation], ['train', train]),
    ...duplicatedRows(['test', test], ['train', train]),
    ...duplicatedRows(['test', test], ['validation', validation]),
    ...(raw ? positiveSpellings(['validation', raw.validation], raw.train) : []),
    ...(raw ? positiveSpellings(['test', raw.test], raw.train) : []),
    ...missingClasses('train', train),
    ...missingClasses('validation', validation),
    ...missingClasses('test', test),
  ];
}
