import path from 'node:path';
import { custom, fail, listOf, optional, readText, text } from '@polytask/components';
import type { RowSplit } from '@polytask/data';
import { argument, defineCommand, option } from './command.ts';
import { hasColors } from './io.ts';
import { csvOptions, forceOption, jsonOption, limitRowsOption, outOption, refuseReplacing } from './shared-options.ts';

/** `polytask describe people.csv` explains a file of rows, and writes the data set file for `polytask train` and `bench`. */
export const command = defineCommand({
  options: {
    file: argument('the file, or its URL: Parquet, or CSV, JSON or JSON lines, plain, gzip or brotli', text),
    out: outOption('file', 'the data set file (default: print it)', optional(text)),
    force: forceOption(),
    tasks: option('<columns>', 'the label columns, with commas between (default: guessed)', optional(listOf(text))),
    split: option(
      '<split>',
      'written to the file: "time(column=day,validation=0.1,test=0.1)"',
      optional(custom((written) => splitIn(written as string))),
    ),
    header: option(
      '<yes|no>',
      'whether the first line has the names (default: guessed)',
      optional(custom((written) => yesOrNo(written as string))),
    ),
    ...csvOptions('guessed'),
    limitRows: limitRowsOption('looked at, from all of the file (default: 50,000, or 16 MB)'),
    json: jsonOption('the whole description'),
  },
  async run({ file, json: _, force, out, limitRows: rows, ...options }) {
    await refuseOtherFormats(file);
    if (out !== undefined) refuseReplacing([out], force);
    const { describeFile } = await import('@polytask/data');
    const given = { ...options, ...(rows !== undefined && { rows }) };
    return describeFile(file, { ...given, files: filesFrom(file, out), name: file });
  },
  async document(description, { file, out }, { stdout }) {
    const { datasetJson, renderDescription } = await import('../describe/render-description.ts');
    const document = datasetJson(description.dataset);
    return renderDescription(description, { file, out, colors: hasColors(stdout), document });
  },
  async finish({ complete, warnings, dataset }, { out }, { stderr }) {
    if (out === undefined) return;
    if (!complete) {
      const reasons = warnings.filter(({ kind }) => kind.startsWith('no-') || kind === 'too-few-rows');
      fail({
        expected: `a feature, a task and enough rows, to write ${out}`,
        received: `less: ${reasons.map(({ message }) => message).join(' ')}`,
        fix: 'Name label columns with --tasks, or use a file with more columns and rows.',
      });
    }
    const { datasetJson } = await import('../describe/render-description.ts');
    await (await import('../text-files.ts')).writeWhole(out, datasetJson(dataset));
    stderr.write(`Written: ${out}\n`);
  },
});

/** A kind of split with its options. `describeFile` checks them. */
function splitIn(written: string): RowSplit {
  const { name, options } = readText(written);
  return { kind: name, ...options } as RowSplit;
}

/** The path of the file, relative to the data set file. */
function filesFrom(file: string, out: string | undefined): string {
  if (/^https?:/.test(file)) return file;
  if (out === undefined) return path.basename(file);
  return path.relative(path.dirname(out), file).replaceAll(path.sep, '/');
}

function yesOrNo(written: string): boolean {
  if (written === 'yes' || written === 'no') return written === 'yes';
  return fail({ expected: 'yes or no for --header', received: `"${written}"`, fix: 'Pass one of the two.' });
}

async function refuseOtherFormats(file: string): Promise<void> {
  if (!/\.(xlsx?|zip)$/i.test(file) || (await import('@polytask/data')).readerFor(file) !== undefined) return;
  fail({
    expected: 'a CSV, JSON, JSON lines or Parquet file to describe',
    received: file,
    fix: 'Save the table as CSV first.',
  });
}
