import { fail } from '@polytask/core';
import type { Description } from '@polytask/data';
import { documentName } from '../setup/suite-of-setup.ts';
import type { Table } from '../training/trial-worker.ts';
import type { WorkerPool } from '../training/worker-pool.ts';

/** A CSV file of the visitor with the description of its columns. */
export interface DescribedTable {
  readonly name: string;
  readonly file: File;
  readonly description: Description;
}

/**
 * Describes a CSV file in a worker.
 *
 * @param tasks the columns of the labels. Default: a guess
 * @throws PolytaskError for a file that is no CSV text
 */
export async function describeTable(
  file: File,
  pool: Pick<WorkerPool, 'ask'>,
  tasks?: readonly string[],
): Promise<DescribedTable> {
  const description = await pool.ask((worker) => worker.describe(file, tasks));
  return { name: file.name.replace(/\.[^.]*$/, ''), file, description };
}

/** The table for trials. @throws PolytaskError for a description without tasks, features or rows to split */
export function tableOf({ name, file, description: { complete, dataset, warnings } }: DescribedTable): Table {
  if (complete) return { name, file, document: dataset };
  const reasons = warnings.map(({ message }) => message).join(' ');
  return fail({
    expected: `a table to train on in ${file.name}`,
    received: reasons === '' ? 'none' : reasons,
    mend: `Choose the columns of the labels, or describe the columns in ${documentName(name)}.`,
  });
}
