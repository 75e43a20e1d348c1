import { BASELINE, comparisonDocument, type EnsembleOf, metricRows, renderText } from '@polytask/study';
import { Command, Option } from 'commander';
import { scoreResults } from '../predictions/score-results.ts';
import { FILES } from '../report/write-outcome.ts';
import { names } from './arguments.ts';
import { type Io, textOptions } from './io.ts';

interface Options {
  metrics?: string[];
  ensemble?: EnsembleOf;
  baseline: string;
  out?: string;
  json?: boolean;
}

/** `polytask score DIR` measures the trials of a directory again, from their predictions. */
export const scoreCommand = ({ stdout, stderr }: Io): Command =>
  new Command('score')
    .description('measure trials again, without training: other metrics, and the mean of several models')
    .argument('<dir>', 'the --out directory of polytask bench --keep-predictions')
    .option(
      '--metrics <names>',
      `with commas between, of ${metricRows()
        .map(({ name }) => name)
        .join(', ')} (default: as bench measures)`,
      names,
    )
    .addOption(
      new Option(
        '--ensemble [of]',
        'add rows: for each seed the mean of models, chosen on the validation rows; or for each model the mean of its seeds',
      )
        .choices(['models', 'seeds'])
        .preset('models'),
    )
    .option('--baseline <name>', 'the model that the others are compared with', BASELINE)
    .option('--out <dir>', 'write results.jsonl and a report to another directory')
    .option('--json', 'the summary as JSON on stdout, and nothing else')
    .action(async (directory: string, { json, ...options }: Options) => {
      const outcome = await scoreResults(directory, options);
      stdout.write(
        json
          ? `${JSON.stringify(outcome.summaries, null, 2)}\n`
          : renderText(comparisonDocument(outcome), textOptions(stdout)),
      );
      if (options.out !== undefined) stderr.write(`Written: results.jsonl, ${FILES} in ${options.out}\n`);
    });
