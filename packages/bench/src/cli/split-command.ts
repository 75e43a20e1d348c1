import path from 'node:path';
import { Command, Option } from 'commander';
import type { SplitDatasetOptions } from '../external/split-dataset.ts';
import {
  accessIn,
  type AccessValues,
  withAccessOptions,
  dataOption,
  forceOption,
  limitRowsOption,
  outOption,
  refuseReplacing,
  seedsOption,
} from './shared-options.ts';
import type { Invocation } from './io.ts';
import { refuseCsv } from './arguments.ts';

interface Options extends AccessValues, Pick<SplitDatasetOptions, 'seeds' | 'limitRows' | 'format' | 'out'> {
  data?: string;
  force?: boolean;
}

/** `polytask split SUITE --out DIR` writes the rows of a suite, for programs of other kinds. */
export const command = ({ stdout, stderr, plugins }: Invocation): Command =>
  withAccessOptions(new Command('split'))
    .argument('<dataset>', "a suite by its name or file, or a data set's JSON file")
    .addOption(seedsOption(" (default: the suite's)"))
    .addOption(dataOption())
    .addOption(limitRowsOption('of each part, at random'))
    .addOption(new Option('--format <format>', 'of the files').choices(['parquet', 'csv']).default('parquet'))
    .addOption(outOption('dir', 'split.json, and a folder for each seed').makeOptionMandatory())
    .addOption(forceOption())
    .action(async (dataset: string, values: Options, command: Command) => {
      refuseCsv(dataset, command, (json) => `polytask split ${json} --out ${values.out}`);
      const { access, others } = accessIn(values);
      const { data: directory, force, ...options } = others;
      refuseReplacing([path.join(options.out, 'split.json')], force);
      const onSeed = (folder: string) => void stderr.write(`Written: ${folder}\n`);
      const onNote = (message: string) => void stderr.write(`${message}\n`);
      const { splitDataset } = await import('../external/split-dataset.ts');
      await splitDataset(dataset, { ...options, directory, plugins, access, onNote, onSeed });
      stdout.write(
        `Written: split.json, and train, validation and test rows of each seed in ${options.out}\n` +
          'Predict the test rows of each seed into DIR/seed-N.csv (row_id, and a column for each task), then run\n' +
          `  polytask bench ${dataset} --external NAME=DIR, with the same --seeds, --data and --limit-rows\n`,
      );
    });
