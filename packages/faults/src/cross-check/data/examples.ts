import { groupedTasks, type Row } from '@polytask/core';
import { encode, type EncodedTable, fitSchema, fromRows, withGroups } from '@polytask/data';
import { diceOf } from '../draw/dice.ts';
import { cellsOf } from '../draw/features.ts';
import type { Configuration } from '../draw/configuration.ts';
import { featureRows, withLabels } from './cells.ts';

/** The rows of a configuration. */
export interface Rows {
  /** Encoded rows with labels, which a model is trained on. */
  readonly train: EncodedTable;
  /** Further rows, with unknown values, as a program passes them. */
  readonly further: readonly Row[];
}

const FURTHER = 12;
const USERS = 7;

/** Makes the rows of a configuration. @throws PolytaskError when the features or tasks don't fit them */
export function rowsOf({ seed, rows: count, unlabeled, features, tasks, context }: Configuration): Rows {
  const cells = cellsOf(features);
  const rows = withLabels(featureRows(cells, { seed, count, isTraining: true }), tasks, seed, unlabeled);
  const table = fromRows(rows, { features, tasks, ...(context && { context }) });
  const examples = encode(table, fitSchema(table));
  const dice = diceOf(seed, 'users');
  const isGrouped = groupedTasks(examples.schema.tasks).length > 0;
  const users = Array.from({ length: count }, () => dice.below(USERS));
  return {
    train: isGrouped ? withGroups(examples, users) : examples,
    further: featureRows(cells, { seed, count: FURTHER, isTraining: false }),
  };
}
