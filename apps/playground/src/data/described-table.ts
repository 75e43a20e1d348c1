import { fail } from '@polytask/core';
import type { DescribeOptions, Description } from '@polytask/data';
import { documentName } from '../setup/suite-of-setup.ts';
import type { Table } from '../training/trial-worker.ts';
import type { WorkerPool } from '../training/worker-pool.ts';

/** A CSV file of the visitor with the description of its columns. */
export interface DescribedTable {
  readonly name: string;
  readonly file: File;
  readonly description: Description;
  readonly options: TableOptions;
}

/** The columns of the labels, and the text between cells. Default: a guess. */
export type TableOptions = Pick<DescribeOptions, 'tasks' | 'delimiter'>;

/**
 * Describes a CSV file in a worker.
 *
 * @throws PolytaskError for a file that is no CSV text
 */
export async function describeTable(
  file: File,
  pool: Pick<WorkerPool, 'ask'>,
  options: TableOptions = {},
): Promise<DescribedTable> {
  const description = await pool.ask((worker) => worker.describe(file, options));
  return { name: file.name.replace(/\.[^.]*$/, ''), file, description, options };
}

/** The table for trials. @throws PolytaskError for a description without tasks, features or rows to split */
export function tableOf({ name, file, description: { complete, dataset, warnings } }: DescribedTable): Table {
  if (complete) return { name, file, document: dataset };
  const reasons = warnings.map(({ message }) => message).join(' ');
  return fail({
    expected: `a table to train on in ${file.name}`,
    received: reasons === '' ? 'none' : reasons,
    fix: `Choose the columns of the labels, or describe the columns in ${documentName(name)}.`,
  });
}
