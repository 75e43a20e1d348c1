import type { DatasetAccess } from '@polytask/data';
import { type Command, Option } from 'commander';
import { argument, count } from './arguments.ts';

/** The values of the options that {@link withAccessOptions} adds. */
export interface AccessValues {
  readonly allowFilesOutside?: boolean;
  readonly maxRows?: number;
  readonly maxCells?: number;
  readonly maxBytes?: number;
}

const LIMITS = [
  ['--max-rows', 'rows (default: 10 million)'],
  ['--max-cells', 'rows × columns (default: 500 million)'],
  ['--max-bytes', 'bytes of unpacked text (default: 4 GiB)'],
] as const;

const GROUP = 'Reading data:';

/** Adds the options that say what a data set file may read. */
export const withAccessOptions = (command: Command): Command =>
  LIMITS.reduce(
    (each, [name, unit]) =>
      each.addOption(
        new Option(`${name} <n>`, `refuse a data set of more ${unit}`)
          .argParser(argument(count(name)))
          .helpGroup(GROUP),
      ),
    command.addOption(
      new Option('--allow-files-outside', 'let a data set file name files outside its own folder, and URLs').helpGroup(
        GROUP,
      ),
    ),
  );

/** Divides the values of a command into what a data set file may read, and the other options. */
export const accessIn = <V extends AccessValues>({
  allowFilesOutside,
  maxRows,
  maxCells,
  maxBytes,
  ...others
}: V): { access: DatasetAccess; others: Omit<V, keyof AccessValues> } => ({
  access: { allowFilesOutside, limits: { rows: maxRows, cells: maxCells, bytes: maxBytes } },
  others,
});
