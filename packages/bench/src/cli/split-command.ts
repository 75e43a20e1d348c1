import path from 'node:path';
import { oneOf, optional, text } from '@polytask/components';
import { argument, defineCommand, option } from './command.ts';
import {
  accessOptions,
  dataOption,
  forceOption,
  limitRowsOption,
  outOption,
  refuseCsv,
  refuseReplacing,
  seedsOption,
  withAccess,
} from './shared-options.ts';

/** `polytask split SUITE --out DIR` writes the rows of a suite, for programs of other kinds. */
export const command = defineCommand({
  options: {
    dataset: argument("a suite by its name or file, or a data set's JSON file", text),
    seeds: seedsOption(" (default: the suite's)"),
    data: dataOption(),
    limitRows: limitRowsOption('of each part, at random'),
    format: option('<format>', 'of the files: parquet or csv', optional(oneOf('parquet', 'csv'), 'parquet')),
    out: outOption('dir', 'split.json, and a folder for each seed', text),
    force: forceOption(),
    ...accessOptions,
  },
  async run({ dataset, data: directory, force, ...values }, invocation) {
    const { stdout, stderr, plugins } = invocation;
    const { out } = values;
    refuseCsv(dataset, invocation, (json) => `polytask split ${json} --out ${out}`);
    refuseReplacing([path.join(out, 'split.json')], force);
    const onSeed = (folder: string) => void stderr.write(`Written: ${folder}\n`);
    const onNote = (message: string) => void stderr.write(`${message}\n`);
    const { splitDataset } = await import('../external/split-dataset.ts');
    await splitDataset(dataset, { ...withAccess(values), directory, plugins, onNote, onSeed });
    stdout.write(
      `Written: split.json, and train, validation and test rows of each seed in ${out}\n` +
        'Predict the test rows of each seed into DIR/seed-N.csv (row_id, and a column for each task), then run\n' +
        `  polytask bench ${dataset} --external NAME=DIR, with the same --seeds, --data and --limit-rows\n`,
    );
  },
});
