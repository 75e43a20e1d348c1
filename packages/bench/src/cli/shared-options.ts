import { existsSync } from 'node:fs';
import { fail, findEntry, listOf, type NamedEntry, oneOf, type Option, text, wholeNumber } from '@polytask/components';
import type { DatasetAccess } from '@polytask/data';
import { AUTO, engines } from '../engines.ts';
import { redisUrl } from '../queue/connection.ts';
import { grouped, option, required, toggle, type Values, fromText } from './command.ts';
import type { Invocation } from './io.ts';

// An option that several commands have. Its words begin with its meaning, which is the same in all commands: a test compares them up to
// the first colon, semicolon or bracket. One letter is one option in all commands.

export const out = <F extends Option>(place: 'dir' | 'file', what: string, check: F) =>
  required(`<${place}>`, `where to write: ${what}`, check);

export const force = (what?: string) =>
  toggle(`replace what is there already in --out${what === undefined ? '' : `: ${what}`}`);

export function refuseReplacing(paths: readonly string[], isForced = false): void {
  const there = isForced ? undefined : paths.find((file) => existsSync(file));
  if (there === undefined) return;
  fail({ expected: `no file at ${there}`, received: 'one', fix: 'Pass --force to replace it, or another --out.' });
}

export const json = (what: string) => toggle(`print only JSON on stdout: ${what}`);

export const data = (more = '') => option('<dir>', `where the data of a suite is${more}`, text);

/** Seeds or rows: `5` means 1 to 5, `3,7` is a list, `6-10` a range. */
const numbersIn =
  (noun: 'seeds' | 'rows') =>
  (written: string): readonly number[] => {
    const [, first = 1, last = 0] = /^\s*(?:(\d+)-)?(\d+)\s*$/.exec(written) ?? [];
    const list = /^\s*\d+(\s*,\s*\d+)+\s*$/.test(written)
      ? written.split(',').map(Number)
      : Array.from({ length: Math.max(0, Number(last) - Number(first) + 1) }, (_, i) => Number(first) + i);
    if (list.length > 0 && new Set(list).size === list.length) return list;
    return fail({
      expected: `how many ${noun} (5), a list of them (1,2,3), or a range (6-10)`,
      received: `"${written}"`,
      fix: `Pass --${noun} 5, for example.`,
    });
  };

export const seedsIn = numbersIn('seeds');

export const seeds = (more: string) =>
  option('<seeds>', `the seeds: how many (5), a list (1,2,3) or a range (6-10)${more}`, fromText(seedsIn));

export const rows = (words: string) =>
  option('<rows>', `${words}: the first ones (5), a list (1,2,3) or a range (6-10)`, fromText(numbersIn('rows')));

export const names = (words: string) => option('<names>', words, listOf(text));

export const models = (more: string) => names(`models, with commas between${more}`);

export const boosting = (more = '') => ({
  ...toggle(`without gradient boosting, which is trained for comparison on a table that it can learn${more}`),
  isNegated: true,
});

export const baseline = (usual: string) =>
  option('<name>', `the model that the others are compared with (default: ${usual})`, text);

export const workers = <F extends Option>(what: string, check: F) =>
  required('<n>', `how many processes: ${what}`, check);

export const limitRows = (which: string) => option('<n>', `read at most n rows: ${which}`, wholeNumber(1));

export const seed = (of: string) => option('<n>', `the seed of random numbers: ${of}`, wholeNumber());

/** `--format`, and `--delimiter` and `--encoding` of a CSV. @param usual their defaults @param ending the default of the format */
export const files = (usual: string, ending = usual) => ({
  format: option(
    '<format>',
    `the format of files: a reader, with options ('polytask list readers'; default: ${ending})`,
    text,
  ),
  delimiter: option(
    '<text>',
    `between the cells of a CSV, such as ";" or tab (default: ${usual})`,
    fromText((written) => (written === 'tab' || written === '\\t' ? '\t' : written)),
  ),
  encoding: option('<name>', `of the text of a CSV, such as utf-8 or windows-1252 (default: ${usual})`, text),
});

export const precision = option(
  '<bits>',
  'of the trained matrices: dynamic-int8 is faster for wide layers on the compiled engine',
  oneOf('float32', 'dynamic-int8'),
  'float32',
);

export const namesOf = (rows: readonly Pick<NamedEntry, 'name'>[]): string => rows.map(({ name }) => name).join(', ');

export const entryOf = <R extends Pick<NamedEntry, 'name' | 'also'>>(rows: readonly R[], noun: string) =>
  fromText((name) => findEntry(rows, name, noun));

export const engine = option(
  '<name>',
  `${AUTO}, ${namesOf(engines)}`,
  fromText((name) => (name === AUTO ? name : findEntry(engines, name, 'engine').name)),
  AUTO,
);

/** `--queue`, which may also come from the environment, where it doesn't show in the list of processes. */
export const queue = <F extends Option>(use: string, check: F) => ({
  ...required('<url>', `the Redis server of a queue${use}`, check),
  env: 'POLYTASK_QUEUE',
});

export const queueUrl = fromText(redisUrl);

/** The name of a file that ends in one of these. */
export const fileEndingIn = (...endings: readonly string[]) =>
  fromText((name) => {
    if (endings.some((ending) => name.endsWith(ending))) return name;
    const expected = `a file name that ends in ${endings.join(' or ')}`;
    return fail({ expected, received: `"${name}"`, fix: `Pass --out ${name.replace(/\.\w+$/, '')}${endings[0]}.` });
  });

const limit = (unit: string) => option('<n>', `refuse a data set of more ${unit}`, wholeNumber(1));

export const access = grouped('Reading data:', {
  allowFilesOutside: toggle('let a data set file name files outside its own folder, and URLs'),
  maxRows: limit('rows (default: 10 million)'),
  maxCells: limit('rows × columns (default: 500 million)'),
  maxBytes: limit('bytes of unpacked text (default: 4 GiB)'),
});

/** The values of a command with the {@link access} as one. */
export const withAccess = <V extends Values<typeof access>>({
  allowFilesOutside,
  maxRows: rows,
  maxCells: cells,
  maxBytes: bytes,
  ...others
}: V): Omit<V, keyof typeof access> & { readonly access: DatasetAccess } => ({
  ...others,
  access: { allowFilesOutside, limits: { rows, cells, bytes } },
});

/** Refuses a CSV file, which doesn't describe its columns. @param next the command to run with the JSON file */
export function refuseCsv(data: string, { misuse }: Invocation, next: (json: string) => string): void {
  const csv = /\.(csv|tsv)(\.(gz|br))?$/i.exec(data);
  if (!csv) return;
  const json = `${data.slice(0, csv.index)}.json`;
  misuse(
    `Expected a JSON file that describes the data set, received "${data}". ` +
      `Run polytask describe ${data} --out ${json} first, then ${next(json)}.`,
  );
}
