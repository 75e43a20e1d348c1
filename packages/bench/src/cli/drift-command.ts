import { renderText } from '@polytask/study';
import { Command } from 'commander';
import { driftDocument, hasDrifted } from '../drift/drift-document.ts';
import { measureDrift } from '../drift/measure-drift.ts';
import { type Io, textOptions } from './io.ts';
import { argument, positive } from './arguments.ts';
import {
  type CsvChoices,
  csvOptions,
  delimiterOption,
  encodingOption,
  engineOption,
  jsonOption,
} from './shared-options.ts';

interface Options extends CsvChoices {
  reference?: string;
  failAbove?: number;
  engine: string;
  json?: boolean;
}

/**
 * `polytask drift MODEL_DIR ROWS` says how rows differ from those that a model was trained on.
 *
 * @param onDrift called when a PSI is above `--fail-above`
 */
export const driftCommand = ({ stdout, stderr }: Io, onDrift: () => void, plugins: readonly string[] = []): Command =>
  new Command('drift')
    .argument('<model>', 'the directory of a trained model')
    .argument('<rows>', 'the file to look at: CSV, JSON, JSON lines or Parquet')
    .option('--reference <file>', 'rows to compare with (default: those of the training)')
    .option(
      '--fail-above <psi>',
      'exit with 1 if a feature or a prediction has a larger PSI, such as 0.25',
      argument(positive('--fail-above')),
    )
    .addOption(delimiterOption('as in training'))
    .addOption(encodingOption('as in training'))
    .addOption(engineOption())
    .addOption(jsonOption('the drift'))
    .action(async (model: string, file: string, { json, failAbove, delimiter, encoding, ...options }: Options) => {
      const csv = csvOptions({ delimiter, encoding });
      const drift = await measureDrift(model, file, { ...options, plugins, csv });
      stdout.write(
        json ? `${JSON.stringify(drift, null, 2)}\n` : renderText(driftDocument(model, drift), textOptions(stdout)),
      );
      if (failAbove === undefined) return;
      const drifted = [...drift.features, ...drift.predictions].filter((each) => hasDrifted(each, failAbove));
      if (drifted.length === 0) return;
      stderr.write(`Above ${failAbove}: ${drifted.map(({ name }) => name).join(', ')}\n`);
      onDrift();
    });
