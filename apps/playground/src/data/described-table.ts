import { mapValues } from '@polytask/components';
import { fail } from '@polytask/core';
import { joinedRules, type DescribeOptions, type DescribeRemedy, type Description } from '@polytask/data';
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

/** The text between cells, and the remedies that the visitor took. Default: a guess, and none. */
export type TableOptions = Pick<DescribeOptions, 'delimiter' | keyof DescribeRemedy>;

/** The options with a remedy. */
export function withRemedy(
  options: TableOptions,
  { leaveOut = [], cells = {}, ...others }: DescribeRemedy,
): TableOptions {
  const rules = mapValues(cells, (rule, column) => joinedRules(options.cells?.[column] ?? {}, rule));
  return {
    ...options,
    ...others,
    leaveOut: [...(options.leaveOut ?? []), ...leaveOut],
    cells: { ...options.cells, ...rules },
  };
}

/** The remedies in a few words each: `without visit`, `split by time`. */
export const remediesTaken = ({ leaveOut = [], cells = {}, split }: TableOptions): string[] => [
  ...leaveOut.map((column) => `without ${column}`),
  ...Object.keys(cells).map((column) => `cells of ${column}`),
  ...(split ? [split.kind === 'time' ? `split by ${split.column}` : 'another split'] : []),
];

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
