import { Command } from 'commander';
import { calibratedLines, calibrateFolder, type CalibrateFolderOptions } from '../calibrate/calibrate-folder.ts';
import { byTask, shareOf } from '../train/calibration-choices.ts';
import { argument, engineOption } from './arguments.ts';
import type { Io } from './io.ts';

/** Adds the choices of a calibration: `--calibration`, `--intervals` and `--threshold`. */
export const withCalibrationOptions = (command: Command): Command =>
  command
    .option(
      '--calibration <names>',
      'of probabilities, on the validation rows: temperature, platt, isotonic or none; by task: income=isotonic,kind=temperature',
      argument(byTask((name) => name)),
    )
    .option(
      '--intervals <shares>',
      'intervals of numbers and sets of classes that hold this share of labels: 0.9, or visits=0.9,kind=0.8',
      argument(byTask(shareOf)),
    )
    .option(
      '--threshold <rules>',
      "yes/no decisions by f1, 'cost(falsePositive=1,falseNegative=5)' or 'rate(share=0.1)'; or by task",
      argument(byTask((rule) => rule)),
    );

interface CalibrateCommandOptions extends Omit<CalibrateFolderOptions, 'plugins' | 'signal'> {
  json?: boolean;
}

/** `polytask calibrate people-model validation.csv --calibration isotonic` calibrates a saved model. */
export const calibrateCommand = ({ stdout }: Io, plugins: readonly string[] = []): Command =>
  withCalibrationOptions(new Command('calibrate'))
    .description('calibrate a saved model on rows with labels that it was not trained on')
    .argument('<model>', 'the folder of the model')
    .argument('<rows>', 'a file like the training rows, with labels: CSV, JSON lines or Parquet')
    .addOption(engineOption())
    .option('--json', 'what was fitted as JSON on stdout, and nothing else')
    .action(async (folder: string, file: string, { json, ...options }: CalibrateCommandOptions) => {
      const calibrated = await calibrateFolder(folder, file, { ...options, plugins });
      stdout.write(
        json
          ? `${JSON.stringify(calibrated, null, 2)}\n`
          : calibratedLines(calibrated)
              .map((line) => `${line}\n`)
              .join(''),
      );
    });
