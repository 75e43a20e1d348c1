import { leftOutSentences } from '@polytask/study/internal';
import { Command, Option } from 'commander';
import { calibratedLines, calibrateFolder, type CalibrateFolderOptions } from '../calibrate/calibrate-folder.ts';
import { byTask, shareOf } from '../train/calibration-choices.ts';
import type { Io } from './io.ts';
import { argument } from './arguments.ts';
import { engineOption, jsonOption } from './shared-options.ts';

/** Adds the choices of a calibration: `--calibration`, `--intervals` and `--threshold`. */
export function withCalibrationOptions(command: Command): Command {
  const add = (flags: string, description: string, valueOf: Parameters<typeof byTask>[0]) =>
    command.addOption(new Option(flags, description).argParser(argument(byTask(valueOf))).helpGroup('Calibration:'));
  add(
    '--calibration <names>',
    'of probabilities: temperature, platt, isotonic or none; by task: income=isotonic,kind=temperature',
    (name) => name,
  );
  add(
    '--intervals <shares>',
    'intervals of numbers and sets of classes that hold this share of labels: 0.9, or visits=0.9,kind=0.8',
    shareOf,
  );
  return add(
    '--threshold <rules>',
    "yes/no decisions by f1, 'cost(falsePositive=1,falseNegative=5)' or 'rate(share=0.1)'; or by task",
    (rule) => rule,
  );
}

interface CalibrateCommandOptions extends Omit<CalibrateFolderOptions, 'plugins' | 'signal'> {
  json?: boolean;
}

/** `polytask calibrate people-model validation.csv --calibration isotonic` calibrates a saved model. */
export const calibrateCommand = ({ stdout }: Io, plugins: readonly string[] = []): Command =>
  withCalibrationOptions(new Command('calibrate'))
    .argument('<model>', 'the folder of the model')
    .argument('<rows>', 'a file like the training rows, with labels: CSV, JSON, JSON lines or Parquet')
    .addOption(engineOption())
    .addOption(jsonOption('what was fitted'))
    .action(async (folder: string, file: string, { json, ...options }: CalibrateCommandOptions) => {
      const { tasks, leftOut } = await calibrateFolder(folder, file, { ...options, plugins });
      stdout.write(
        json
          ? `${JSON.stringify({ tasks, leftOut }, null, 2)}\n`
          : [...calibratedLines(tasks), ...leftOutSentences(leftOut)].map((line) => `${line}\n`).join(''),
      );
    });
