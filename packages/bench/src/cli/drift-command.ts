import { Command } from 'commander';
import { type Invocation, textOptions, writeFound } from './io.ts';
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
 * `polytask drift MODEL_DIR ROWS` says how rows differ from those that a model was trained on. The exit code is 1 if a PSI is above
 * `--fail-above`.
 */
export const command = ({ stdout, stderr, plugins, exit }: Invocation): Command =>
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
      const { measureDrift } = await import('../drift/measure-drift.ts');
      const { driftDocument, hasDrifted } = await import('../drift/drift-document.ts');
      const { renderText } = await import('@polytask/study');
      const drift = await measureDrift(model, file, { ...options, plugins, csv });
      writeFound({ stdout }, json, drift, () => renderText(driftDocument(model, drift), textOptions(stdout)));
      if (failAbove === undefined) return;
      const drifted = [...drift.features, ...drift.predictions].filter((each) => hasDrifted(each, failAbove));
      if (drifted.length === 0) return;
      stderr.write(`Above ${failAbove}: ${drifted.map(({ name }) => name).join(', ')}\n`);
      exit(1);
    });
