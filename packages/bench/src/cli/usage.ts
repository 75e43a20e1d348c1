import { PolytaskError } from '@polytask/core';
import type { Command } from 'commander';

/** Reads options. @throws a usage error in place of a PolytaskError */
export async function usage<T>(command: Command, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PolytaskError) command.error(`error: ${error.message}`);
    throw error;
  }
}

/**
 * Refuses a CSV file, which doesn't describe its columns.
 *
 * @param next the command to run with the JSON file
 * @throws a usage error that names `polytask describe`
 */
export function refuseCsv(data: string, command: Command, next: (json: string) => string): void {
  const csv = /\.(csv|tsv)(\.(gz|br))?$/i.exec(data);
  if (!csv) return;
  const json = `${data.slice(0, csv.index)}.json`;
  command.error(
    `error: Expected a JSON file that describes the data set, received "${data}". ` +
      `Run polytask describe ${data} --out ${json} first, then ${next(json)}.`,
  );
}
