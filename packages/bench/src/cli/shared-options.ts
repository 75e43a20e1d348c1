import { existsSync } from 'node:fs';
import { fail, findEntry } from '@polytask/components';
import type { CsvFileOptions, DatasetAccess } from '@polytask/data';
import { type Command, Option } from 'commander';
import { AUTO, engines } from '../engines.ts';
import { redisUrl } from '../queue/connection.ts';
import { argument, count, delimiter, names, seeds } from './arguments.ts';

// An option that several commands have. Its text begins with its meaning, which is the same in all commands: a test compares them up to
// the first colon, semicolon or bracket. One letter is one option in all commands.

/** `--out`: the place of the results. @param what the files */
export const outOption = (place: 'dir' | 'file', what: string): Option =>
  new Option(`-o, --out <${place}>`, `where to write: ${what}`);

/** `--force`. @param what the thing that is replaced, if it isn't a file */
export const forceOption = (what?: string): Option =>
  new Option('--force', `replace what is there already in --out${what === undefined ? '' : `: ${what}`}`);

/** Refuses to replace files, unless `--force` is given. */
export function refuseReplacing(files: readonly string[], force = false): void {
  const there = force ? undefined : files.find((file) => existsSync(file));
  if (there === undefined) return;
  fail({ expected: `no file at ${there}`, received: 'one', fix: 'Pass --force to replace it, or another --out.' });
}

/** `--json`. @param what the value that is printed */
export const jsonOption = (what: string): Option => new Option('--json', `print only JSON on stdout: ${what}`);

/** `--data`: the directory of a suite's data. */
export const dataOption = (more = ''): Option => new Option('-d, --data <dir>', `where the data of a suite is${more}`);

export const seedsOption = (more = ''): Option =>
  new Option('-s, --seeds <seeds>', `the seeds: how many (5), a list (1,2,3) or a range (6-10)${more}`).argParser(
    argument(seeds),
  );

export const seedOption = (of: string): Option =>
  new Option('--seed <n>', `the seed of random numbers: ${of}`).argParser(argument(count('--seed', 0)));

export const modelsOption = (more = ''): Option =>
  new Option('-m, --models <names>', `models, with commas between${more}`).argParser(names);

export const balancersOption = (more: string): Option =>
  new Option('--balancers <names>', `balancers, with commas between: ${more}`).argParser(names);

export const baselineOption = (usual: string): Option =>
  new Option('--baseline <name>', `the model that the others are compared with (default: ${usual})`);

/** `--workers`. @param least 0 if this process can do the work */
export const workersOption = (what: string, least = 0): Option =>
  new Option('-w, --workers <n>', `how many processes: ${what}`).argParser(argument(count('--workers', least)));

export const limitRowsOption = (which: string): Option =>
  new Option('--limit-rows <n>', `read at most n rows: ${which}`).argParser(argument(count('--limit-rows')));

export const delimiterOption = (usual: string): Option =>
  new Option('--delimiter <text>', `between the cells of a CSV, such as ";" or tab (default: ${usual})`).argParser(
    delimiter,
  );

export const encodingOption = (usual: string): Option =>
  new Option('--encoding <name>', `of the text of a CSV, such as utf-8 or windows-1252 (default: ${usual})`);

/** The values of `--delimiter` and `--encoding`. */
export interface CsvChoices {
  delimiter?: string | undefined;
  encoding?: string | undefined;
}

/** How a CSV is read, where it differs from the training. */
export const csvOptions = ({ delimiter: between, encoding }: CsvChoices): CsvFileOptions => ({
  ...(between !== undefined && { delimiter: between }),
  ...(encoding !== undefined && { encoding }),
});

export type PredictorPrecision = 'float32' | 'dynamic-int8';

/** `--precision` of predictions. */
export const precisionOption = (): Option =>
  new Option(
    '--precision <bits>',
    'of the trained matrices: dynamic-int8 is faster for wide layers on the compiled engine',
  )
    .choices(['float32', 'dynamic-int8'] satisfies PredictorPrecision[])
    .default('float32');

/** `--engine`. The default is the first engine that runs. */
export const engineOption = (): Option =>
  new Option('--engine <name>', `${AUTO}, ${engines.map(({ name }) => name).join(', ')}`)
    .argParser(argument((name) => (name === AUTO ? name : findEntry(engines, name, 'engine').name)))
    .default(AUTO);

/** `--queue`, which may also come from the environment, where it doesn't show in the list of processes. */
export const queueOption = (use: string): Option =>
  new Option('--queue <url>', `the Redis server of a queue${use === '' ? '' : `: ${use}`}`)
    .env('POLYTASK_QUEUE')
    .argParser(argument(redisUrl));

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
