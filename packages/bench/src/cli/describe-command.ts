import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@polytask/core';
import { describeCsv, readCsvSample, type Description } from '@polytask/data';
import { Command } from 'commander';
import pc from 'picocolors';
import { argument, count, list } from './arguments.ts';
import { datasetJson } from './dataset-json.ts';
import type { Io } from './io.ts';
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

/** `polytask describe people.csv`: what is in it, and the data set file for `polytask bench --data`. */
export const describeCommand = ({ stdout, stderr }: Io): Command =>
  new Command('describe')
    .description('look at a CSV file, explain its columns, and write the JSON file that `polytask bench --data` takes')
    .argument('<csv>', 'the file, or its URL: plain, gzip or brotli')
    .option('--out <file>', 'write the data set file here (default: print it)')
    .option('--force', 'replace a file that is there already')
    .option(
      '--tasks <columns>',
      'the label columns, with commas between (default: guessed)',
      list((name) => name),
    )
    .option('--delimiter <text>', 'between cells, such as ";" or tab (default: guessed)', delimiterOf)
    .option('--header <yes|no>', 'whether the first line has the names (default: guessed)', argument(yesOrNo))
    .option('--encoding <name>', 'such as utf-8 or windows-1252 (default: guessed)')
    .option('--rows <n>', 'look at no more rows than this (default: 50,000, or 16 MB)', argument(count('--rows')))
    .option('--json', 'the whole description as JSON on stdout, and nothing else')
    .action(async (csv: string, { json, force = false, out, encoding, ...options }: DescribeCommandOptions) => {
      refuseOtherFormats(csv);
      if (out !== undefined && !force) await refuseToReplace(out);
      const sample = await readCsvSample(csv, { encoding });
      const description = describeCsv(sample.text, {
        ...options,
        whole: sample.whole,
        encoding: sample.encoding,
        files: filesFrom(csv, out),
        name: csv,
      });
      const document = datasetJson(description.dataset);
      const colors = Boolean(stdout.isTTY) && pc.isColorSupported;
      stdout.write(
        json
          ? `${JSON.stringify(description, null, 2)}\n`
          : renderDescription(description, { csv, out, colors, document }),
      );
      if (out === undefined) return;
      refuseIncomplete(description, out);
      await writeFile(out, document, { flag: force ? 'w' : 'wx' });
      stderr.write(`Written: ${out}\n`);
    });

/** A path as it is to stand in the data set file: relative to it. */
function filesFrom(csv: string, out: string | undefined): string {
  if (/^https?:/.test(csv)) return csv;
  if (out === undefined) return path.basename(csv);
  return path.relative(path.dirname(out), csv).replaceAll(path.sep, '/');
}

function delimiterOf(text: string): string {
  return text === 'tab' || text === '\\t' ? '\t' : text;
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  return fail({ expected: 'yes or no for --header', received: `"${text}"`, mend: 'Pass one of the two.' });
}

function refuseOtherFormats(csv: string): void {
  const ending = /\.(parquet|pq|json|jsonl|xlsx?|zip)$/i.exec(csv)?.[0];
  if (ending === undefined) return;
  const parquet = /^\.(parquet|pq)$/i.test(ending);
  fail({
    expected: 'a CSV file to describe',
    received: csv,
    mend: parquet
      ? 'Parquet has names and types of its own: write the data set file by hand, as docs/data.md says.'
      : 'Save the table as CSV first.',
  });
}

async function refuseToReplace(out: string): Promise<void> {
  const there = await access(out).then(
    () => true,
    () => false,
  );
  if (!there) return;
  fail({ expected: `no file at ${out}`, received: 'one', mend: 'Pass --force to replace it, or another --out.' });
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
