import path from 'node:path';
import { fail, readText } from '@polytask/components';
import type { Description, RowSplit } from '@polytask/data';
import { Command } from 'commander';
import { hasColors, type Invocation, writeFound } from './io.ts';
import { argument, names } from './arguments.ts';
import {
  delimiterOption,
  encodingOption,
  forceOption,
  jsonOption,
  limitRowsOption,
  outOption,
  refuseReplacing,
} from './shared-options.ts';

interface DescribeCommandOptions {
  tasks?: string[];
  split?: RowSplit;
  delimiter?: string;
  header?: boolean;
  encoding?: string;
  limitRows?: number;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** `polytask describe people.csv` explains a file of rows, and writes the data set file for `polytask train` and `bench`. */
export const command = ({ stdout, stderr }: Invocation): Command =>
  new Command('describe')
    .argument('<file>', 'the file, or its URL: Parquet, or CSV, JSON or JSON lines, plain, gzip or brotli')
    .addOption(outOption('file', 'the data set file (default: print it)'))
    .addOption(forceOption())
    .option('--tasks <columns>', 'the label columns, with commas between (default: guessed)', names)
    .option('--split <split>', 'written to the file: "time(column=day,validation=0.1,test=0.1)"', argument(splitIn))
    .addOption(delimiterOption('guessed'))
    .option('--header <yes|no>', 'whether the first line has the names (default: guessed)', argument(yesOrNo))
    .addOption(encodingOption('guessed'))
    .addOption(limitRowsOption('looked at, from all of the file (default: 50,000, or 16 MB)'))
    .addOption(jsonOption('the whole description'))
    .action(async (file: string, { json, force, out, limitRows: rows, ...options }: DescribeCommandOptions) => {
      await refuseOtherFormats(file);
      if (out !== undefined) refuseReplacing([out], force);
      const { describeFile } = await import('@polytask/data');
      const { datasetJson, renderDescription } = await import('../describe/render-description.ts');
      const description = await describeFile(file, {
        ...options,
        ...(rows !== undefined && { rows }),
        files: filesFrom(file, out),
        name: file,
      });
      const document = datasetJson(description.dataset);
      const text = () => renderDescription(description, { file, out, colors: hasColors(stdout), document });
      writeFound({ stdout }, json, description, text);
      if (out === undefined) return;
      refuseIncomplete(description, out);
      await (await import('../text-files.ts')).writeWhole(out, document);
      stderr.write(`Written: ${out}\n`);
    });

/** A kind of split with its options. `describeFile` checks them. */
function splitIn(text: string): RowSplit {
  const { name, options } = readText(text);
  return { kind: name, ...options } as RowSplit;
}

/** The path of the file, relative to the data set file. */
function filesFrom(file: string, out: string | undefined): string {
  if (/^https?:/.test(file)) return file;
  if (out === undefined) return path.basename(file);
  return path.relative(path.dirname(out), file).replaceAll(path.sep, '/');
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  return fail({ expected: 'yes or no for --header', received: `"${text}"`, fix: 'Pass one of the two.' });
}

async function refuseOtherFormats(file: string): Promise<void> {
  if (!/\.(xlsx?|zip)$/i.test(file) || (await import('@polytask/data')).readerFor(file) !== undefined) return;
  fail({
    expected: 'a CSV, JSON, JSON lines or Parquet file to describe',
    received: file,
    fix: 'Save the table as CSV first.',
  });
}

function refuseIncomplete({ complete, warnings }: Description, out: string): void {
  if (complete) return;
  const reasons = warnings.filter(({ kind }) => kind.startsWith('no-') || kind === 'too-few-rows');
  fail({
    expected: `a feature, a task and enough rows, to write ${out}`,
    received: `less: ${reasons.map(({ message }) => message).join(' ')}`,
    fix: 'Name label columns with --tasks, or use a file with more columns and rows.',
  });
}
