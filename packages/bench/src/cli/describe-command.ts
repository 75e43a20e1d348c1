import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@polytask/core';
import { type DatasetDocument, describeFile, type Description, readerFor } from '@polytask/data';
import { Command } from 'commander';
import { argument, count, delimiter, names } from './arguments.ts';
import { hasColors, type Io } from './io.ts';
import { renderDescription } from './render-description.ts';

interface DescribeCommandOptions {
  tasks?: string[];
  delimiter?: string;
  header?: boolean;
  encoding?: string;
  rows?: number;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** `polytask describe people.csv` explains a file of rows, and writes the data set file for `polytask bench --data`. */
export const describeCommand = ({ stdout, stderr }: Io): Command =>
  new Command('describe')
    .description(
      'look at a CSV, JSON lines or Parquet file, explain its columns, and write the JSON file that `polytask bench --data` takes',
    )
    .argument('<file>', 'the file, or its URL: Parquet, or CSV or JSON lines, plain, gzip or brotli')
    .option('--out <file>', 'write the data set file here (default: print it)')
    .option('--force', 'replace a file that is there already')
    .option('--tasks <columns>', 'the label columns, with commas between (default: guessed)', names)
    .option('--delimiter <text>', 'between cells, such as ";" or tab (default: guessed)', delimiter)
    .option('--header <yes|no>', 'whether the first line has the names (default: guessed)', argument(yesOrNo))
    .option('--encoding <name>', 'such as utf-8 or windows-1252 (default: guessed)')
    .option(
      '--rows <n>',
      'look at so many rows, from all of the file (default: 50,000, or 16 MB)',
      argument(count('--rows')),
    )
    .option('--json', 'the whole description as JSON on stdout, and nothing else')
    .action(async (file: string, { json, force = false, out, ...options }: DescribeCommandOptions) => {
      refuseOtherFormats(file);
      if (out !== undefined && !force && existsSync(out))
        fail({ expected: `no file at ${out}`, received: 'one', mend: 'Pass --force to replace it, or another --out.' });
      const description = await describeFile(file, { ...options, files: filesFrom(file, out), name: file });
      const document = datasetJson(description.dataset);
      stdout.write(
        json
          ? `${JSON.stringify(description, null, 2)}\n`
          : renderDescription(description, { file, out, colors: hasColors(stdout), document }),
      );
      if (out === undefined) return;
      refuseIncomplete(description, out);
      await writeFile(out, document, { flag: force ? 'w' : 'wx' });
      stderr.write(`Written: ${out}\n`);
    });

/** The path of the file, relative to the data set file. */
function filesFrom(file: string, out: string | undefined): string {
  if (/^https?:/.test(file)) return file;
  if (out === undefined) return path.basename(file);
  return path.relative(path.dirname(out), file).replaceAll(path.sep, '/');
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  return fail({ expected: 'yes or no for --header', received: `"${text}"`, mend: 'Pass one of the two.' });
}

function refuseOtherFormats(file: string): void {
  if (!/\.(json|xlsx?|zip)$/i.test(file) || readerFor(file) !== undefined) return;
  fail({
    expected: 'a CSV, JSON lines or Parquet file to describe',
    received: file,
    mend: 'Save the table as CSV first.',
  });
}

function refuseIncomplete({ complete, warnings }: Description, out: string): void {
  if (complete) return;
  const reasons = warnings.filter(({ kind }) => kind.startsWith('no-') || kind === 'too-few-rows');
  fail({
    expected: `a feature, a task and enough rows, to write ${out}`,
    received: `less: ${reasons.map(({ message }) => message).join(' ')}`,
    mend: 'Name label columns with --tasks, or use a file with more columns and rows.',
  });
}

/** The text of a data set file, with a line for each feature and task. */
function datasetJson(document: DatasetDocument): string {
  const entries = Object.entries(document).map(([key, value]) => {
    const block = key === 'features' || key === 'tasks';
    return `  ${JSON.stringify(key)}: ${block ? linesOf(value as object) : inline(value)}`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}

function linesOf(entries: object): string {
  const lines = Object.entries(entries).map(([name, value]) => `    ${JSON.stringify(name)}: ${inline(value)}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
}

/** JSON on one line, with the spaces of Prettier. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${inline(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
