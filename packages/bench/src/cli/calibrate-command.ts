import { fail, number, splitList } from '@polytask/components';
import { Command, Option } from 'commander';
import type { CalibrateFolderOptions } from '../calibrate/calibrate-folder.ts';
import { type Invocation, writeFound } from './io.ts';
import { argument } from './arguments.ts';
import { engineOption, jsonOption } from './shared-options.ts';

/**
 * Reads the value of a command line: `isotonic`, or by task, `income=isotonic,kind=temperature`.
 *
 * @param valueOf the value of one text
 */
const byTask =
  <V>(valueOf: (text: string) => V) =>
  (text: string): V | Readonly<Record<string, V>> => {
    const entries = splitList(text);
    const named = entries.map((entry) => /^([^=(]+)=([^]+)$/.exec(entry));
    if (entries.length === 1 && !named[0]) return valueOf(entries[0]!);
    return Object.fromEntries(
      named.map((match, i) =>
        match
          ? [match[1]!.trim(), valueOf(match[2]!.trim())]
          : fail({
              expected: 'one value for all tasks, or TASK=VALUE for each',
              received: `"${entries[i]}" in "${text}"`,
              fix: 'Write income=isotonic,kind=temperature, for example.',
            }),
      ),
    );
  };

/** The share of intervals in a text. */
const shareOf = (text: string): number =>
  number({ from: 0, below: 1 }).read(text.trim() === '' ? NaN : Number(text), '--intervals');

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
export const command = ({ stdout, plugins }: Invocation): Command =>
  withCalibrationOptions(new Command('calibrate'))
    .argument('<model>', 'the folder of the model')
    .argument('<rows>', 'a file like the training rows, with labels: CSV, JSON, JSON lines or Parquet')
    .addOption(engineOption())
    .addOption(jsonOption('what was fitted'))
    .action(async (folder: string, file: string, { json, ...options }: CalibrateCommandOptions) => {
      const { calibratedLines, calibrateFolder } = await import('../calibrate/calibrate-folder.ts');
      const { leftOutSentences } = await import('@polytask/study/internal');
      const { tasks, leftOut } = await calibrateFolder(folder, file, { ...options, plugins });
      const lines = () => [...calibratedLines(tasks), ...leftOutSentences(leftOut)].map((line) => `${line}\n`);
      writeFound({ stdout }, json, { tasks, leftOut }, () => lines().join(''));
    });
