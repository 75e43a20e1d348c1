import { existsSync } from 'node:fs';
import path from 'node:path';
import { fail, listOf, oneOf, optional, readText, text, wholeNumber } from '@polytask/components';
import type { FileSource, RowSplit } from '@polytask/data';
import { argument, defineCommand, option, fromText } from './command.ts';
import { hasColors } from './io.ts';
import * as shared from './shared-options.ts';
import { inputFile, STANDARD } from './standard-streams.ts';

// The commands that look at data, get it, and write its parts.

export const describe = defineCommand({
  options: {
    files: argument(
      'the file, or its URL: Parquet, or CSV, JSON or JSON lines, plain, gzip or brotli; - for stdin. Several files are one table',
      listOf(text, 1),
    ),
    out: shared.out('file', 'the data set file, a JSON (default: print it)', optional(shared.fileEndingIn('.json'))),
    force: shared.force(),
    tasks: option('<columns>', 'the label columns, with commas between (default: guessed)', listOf(text)),
    leaveOut: option('<columns>', 'columns that are neither features nor labels, with commas between', listOf(text)),
    split: option('<split>', 'written to the file: "time(column=day,validation=0.1,test=0.1)"', fromText(splitIn)),
    header: option('<yes|no>', 'whether the first line has the names (default: guessed)', oneOf('yes', 'no')),
    ...shared.files('guessed', 'by the ending'),
    limitRows: shared.limitRows('looked at, from all of the file (default: 50,000, or 16 MB)'),
    json: shared.json('the whole description'),
  },
  async run({ files, json: _, force, out, limitRows: rows, header, ...options }, invocation) {
    const { describeFile, nameOf, readerFor } = await import('@polytask/data');
    const other = files.find((file) => /\.(xlsx?|zip)$/i.test(file) && readerFor(file) === undefined);
    if (options.format === undefined && other !== undefined)
      fail({
        expected: 'a CSV, JSON, JSON lines or Parquet file to describe',
        received: other,
        fix: 'Save the table as CSV first.',
      });
    if (files.includes(STANDARD) && out !== undefined)
      fail({
        expected: `a file or a URL to describe, which ${out} can name`,
        received: 'stdin',
        fix: 'Save the rows in a file first, or leave out --out.',
      });
    if (out !== undefined) shared.refuseReplacing([out], force);
    const sample = { rows, header: header && header === 'yes' };
    const sources: FileSource[] = [];
    for (const file of files) sources.push(await inputFile(file, invocation));
    const [first, ...others] = sources.map((source) => filesFrom(nameOf(source), out)) as [string, ...string[]];
    const name = files.map((file) => (file === STANDARD ? 'stdin' : file)).join(', ');
    return describeFile(sources, {
      ...options,
      ...sample,
      files: others.length > 0 ? [first, ...others] : first,
      name,
    });
  },
  async document(description, { files, out }, { stdout }) {
    const written = [description.dataset.files].flat();
    const named = files.map((file, i) => (file === STANDARD ? written[i]! : file));
    const { renderDescription } = await import('../describe/render-description.ts');
    const hasStdin = files.includes(STANDARD);
    return renderDescription(description, { files: named, out, hasStdin, colors: hasColors(stdout) });
  },
  async finish({ complete, warnings, dataset }, { out }, { stderr, plugins }) {
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
    const $schema = plugins.length === 0 ? schemaFrom(path.dirname(path.resolve(out))) : undefined; // it has no plugin's kinds
    await (await import('../text-files.ts')).writeWhole(out, datasetJson({ ...($schema && { $schema }), ...dataset }));
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

const SCHEMA = 'node_modules/polytask/dist/dataset.schema.json';

/** The relative path from a folder to the nearest schema, for editors: without a network, and of the installed version. */
function schemaFrom(folder: string, up = ''): string | undefined {
  if (existsSync(path.join(folder, SCHEMA))) return `${up || './'}${SCHEMA}`;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : schemaFrom(parent, `../${up}`);
}

const FETCHABLE = [
  { name: 'census-income', fetch: 'fetchCensusIncome' }, // 9 MB, CC BY 4.0
  { name: 'kuairand-pure', fetch: 'fetchKuairandPure' }, // 5 MB, CC BY-SA 4.0; from a place that --url names
] as const;

export const fetch = defineCommand({
  options: {
    dataset: argument(shared.namesOf(FETCHABLE), shared.entryOf(FETCHABLE, 'data set')),
    out: shared.out('dir', 'the files; those that are there and whole stay', text),
    url: option('<url>', 'an archive, or a directory (ending in /) of the files, instead of the usual place', text),
  },
  async run({ dataset, out, ...place }, { stdout, stderr }) {
    const wipe = () => void (stderr.isTTY && stderr.write('\r\u001b[K'));
    const onProgress = ({ received }: { received: number }) => {
      wipe();
      if (stderr.isTTY) stderr.write(`${(received / 1e6).toFixed(1)} MB`);
    };
    const data = await import('@polytask/data');
    const { downloaded, files } = await data[dataset.fetch](out, { onProgress, ...place }).finally(wipe);
    stdout.write(`${downloaded ? 'Fetched' : 'Already there, and whole'}: ${files.join(', ')}\n`);
  },
});

export const split = defineCommand({
  options: {
    dataset: argument("a suite by its name or file, or a data set's JSON file", text),
    seeds: shared.seeds(" (default: the suite's)"),
    data: shared.data(),
    limitRows: shared.limitRows('of each part, at random'),
    folds: option(
      '<k>',
      'k-fold cross-validation: a column fold of the training rows, for the out-of-fold predictions of a teacher',
      wholeNumber(2),
    ),
    format: option('<format>', 'the format of files: parquet or csv', oneOf('parquet', 'csv'), 'parquet'),
    out: shared.out('dir', 'split.json, and a folder for each seed', text),
    force: shared.force(),
    ...shared.access,
  },
  async run({ dataset, data: directory, force, ...values }, invocation) {
    const { stdout, stderr, plugins } = invocation;
    const { out } = values;
    shared.refuseCsv(dataset, invocation, (json) => `polytask split ${json} --out ${out}`);
    shared.refuseReplacing([path.join(out, 'split.json')], force);
    const onSeed = (folder: string) => void stderr.write(`Written: ${folder}\n`);
    const onNote = (message: string) => void stderr.write(`${message}\n`);
    const { splitDataset } = await import('../external/split-dataset.ts');
    await splitDataset(dataset, { ...shared.withAccess(values), directory, plugins, onNote, onSeed });
    stdout.write(
      `Written: split.json, and train, validation and test rows of each seed in ${out}\n` +
        (values.folds === undefined
          ? 'Predict the test rows of each seed into DIR/seed-N.csv (row_id, and a column for each task), then run\n' +
            `  polytask bench ${dataset} --external NAME=DIR, with the same --seeds, --data and --limit-rows\n`
          : 'Predict the rows of each seed into DIR/seed-N.csv (row_id, and a column for each task): each fold by a model of the other\n' +
            'folds, validation and test rows by a model of all training rows. Then run, with the same --seeds, --data and --limit-rows,\n' +
            `  polytask bench ${dataset} --teacher-predictions 'DIR/seed-{seed}.csv', or polytask train with one --seed\n`),
    );
  },
});
