import { BASELINE } from '@polytask/study';
import { metricEntries } from '@polytask/study/internal';
import { Command, Option } from 'commander';
import { scoreResults, type ScoreResultsOptions } from '../predictions/score-results.ts';
import type { Invocation } from './io.ts';
import { writeOutcomeTo } from './outcome.ts';
import { names } from './arguments.ts';
import { baselineOption, jsonOption, outOption } from './shared-options.ts';

interface Options extends ScoreResultsOptions {
  json?: boolean;
}

/** `polytask score DIR` measures the trials of a directory again, from their predictions. */
export const command = (invocation: Invocation): Command =>
  new Command('score')
    .argument('<dir>', 'the --out directory of polytask bench --keep-predictions')
    .option(
      '--metrics <names>',
      `with commas between, of ${[...new Set(metricEntries().map(({ name }) => name))].join(', ')} (default: as bench measures)`,
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
    .addOption(baselineOption(BASELINE))
    .addOption(outOption('dir', 'results.jsonl and a report; another directory than the one that is read'))
    .addOption(jsonOption('the summary'))
    .action(async (directory: string, { json, ...options }: Options) => {
      const outcome = await scoreResults(directory, options);
      writeOutcomeTo(invocation, outcome, { json, out: options.out });
    });
