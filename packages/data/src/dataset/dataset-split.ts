import { checkOptions, fail } from '@polytask/core';
import { type RowSplit, SPLITS } from '../fitting/row-split.ts';
import { ofKind } from './described-columns.ts';

/** @throws PolytaskError for an unknown key or kind, and for fractions that leave no rows to train on */
export function describedSplit(value: unknown, where: string): RowSplit {
  const { entry, description } = ofKind(value, SPLITS, where);
  checkOptions(description, entry, where);
  const split = description as RowSplit;
  if (split.kind !== 'column' && (split.validation ?? 0) + (split.test ?? 0) >= 1) {
    fail({
      expected: `validation and test of ${where} to leave rows to train on`,
      received: `${split.validation} and ${split.test}`,
      mend: 'Write 0.1 for a tenth.',
    });
  }
  return split;
}
