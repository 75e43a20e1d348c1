import { allSuites, type ExternalModel } from '@polytask/study';
import { defaultSuite, parseShard } from '@polytask/study/internal';
import type { Tracker } from '@polytask/training';
import { Command } from 'commander';
import { readSuite, type RunOptions } from '../run-options.ts';
import { runResolved } from '../run-suite.ts';
import { suiteLoader } from '../suites/load-suite.ts';
import { trackerNamed } from '../tracking/trackers.ts';
import { accessIn, type AccessValues, withAccessOptions } from './access-options.ts';
import { afterStop, INTERRUPTED, untilStopped } from './interruption.ts';
import type { Io } from './io.ts';
import { writeOutcomeTo } from './outcome.ts';
import { ownDataDefaults } from './own-data-defaults.ts';
import { progress } from './progress.ts';
import { refuseCsv, usage } from './usage.ts';
import { argument, count, external, list, names } from './arguments.ts';
import {
  balancersOption,
  baselineOption,
  dataOption,
  forceOption,
  jsonOption,
  modelsOption,
  outOption,
  queueOption,
  seedsOption,
  withTrainingOptions,
  workersOption,
} from './shared-options.ts';

/** The exit code of a run with failed trials. */
const FAILED = 1;

interface BenchOptions
  extends AccessValues, Omit<RunOptions, 'suite' | 'directory' | 'externals' | 'trackers' | 'plugins' | 'access'> {
  data?: string;
  external: ExternalModel[];
  track: Tracker[];
  json?: boolean;
}

/** `polytask bench [suite]` runs a suite. @param onExitCode receives a code other than 0: 1 if trials failed, 130 after Ctrl-C */
export const benchCommand = (io: Io, onExitCode: (code: number) => void, plugins: readonly string[] = []): Command =>
  withAccessOptions(withTrainingOptions(new Command('bench')))
    .argument(
      '[suite]',
      `what to run: ${allSuites()
        .map(({ name }) => name)
        .join(', ')} (default: ${defaultSuite.name}), or the JSON file of a data set or a suite`,
    )
    .addOption(modelsOption(": 'adatt,adatt(residual=false)' (default: all of the suite)"))
    .addOption(
      balancersOption(
        "each model under each of these ('gradnorm(alpha=0.5)'), under the plain sum, and under it with tuned weights " +
          '(default: the plain sum)',
      ),
    )
    .option(
      '--experts <names>',
      "each model with its own experts, and with each of these: 'mlp(activation=gelu)' ('polytask list experts')",
      names,
    )
    .option('--gates <names>', "each model with its own gate, and with each of these ('polytask list gates')", names)
    .addOption(
      baselineOption("the suite's; or, with --experts, --gates or --balancers, the first of --models as it is"),
    )
    .addOption(seedsOption(" (default: the suite's)"))
    .option(
      '--folds <k>',
      'k-fold cross-validation: each fold is the test rows once; --seeds 2 repeats it with other folds (default of --seeds: 1)',
      argument(count('--folds', 2)),
    )
    .addOption(dataOption())
    .addOption(outOption('dir', 'results.jsonl and a report (HTML, Markdown, CSV, SVG); continues from what is there'))
    .option(
      '--reuse <dirs>',
      "other runs' --out directories, with commas between: what has been trained there, in whichever suite, is copied",
      names,
    )
    .option('--keep-predictions', "also write each trial's predictions, for polytask score")
    .option(
      '--external <name=dir>',
      'a row of a model that was trained elsewhere: its predictions of the rows of polytask split; may be repeated',
      argument(external),
      [],
    )
    .option(
      '--track <trackers>',
      "record each trial: 'tensorboard(directory=logs)'; see polytask list trackers",
      list(trackerNamed),
      [],
    )
    .addOption(forceOption('the trials of this run'))
    .addOption(workersOption('each runs one trial at a time; 0: no other process').default(1))
    .addOption(queueOption('its workers run the trials, on any number of machines; instead of --workers'))
    .option(
      '--shard <k/n>',
      "the k-th of n parts of the trials; 'polytask merge' puts them together",
      argument(parseShard),
    )
    .addOption(jsonOption('the summary'))
    .addHelpText('after', () => ownDataDefaults('people.json'))
    .action(async (suite: string | undefined, { data, json, ...values }: BenchOptions, command: Command) => {
      const { access, others } = accessIn(values);
      const { external: externals, track: trackers, ...options } = others;
      const given = suite ?? data;
      if (given !== undefined) refuseCsv(given, command, (json) => `polytask bench ${json}`);
      const loaded = suite?.endsWith('.json') ? await suiteLoader(access)(suite) : suite; // an error in the file is not a usage error
      const listener = progress(io.stderr);
      const run: RunOptions = {
        ...options,
        ...placeOf(command, options),
        externals,
        trackers,
        suite: loaded,
        directory: data,
        plugins,
        access,
        listener,
      };
      const resolved = await usage(command, () => readSuite(run));
      const outcome = await untilStopped(
        (signal) => runResolved(resolved, { ...run, signal }).finally(() => listener.end()),
        () => listener.onNote?.(afterStop(run.out, listener.trialCount())),
        io.interrupts,
      );
      if (!outcome) return onExitCode(INTERRUPTED);
      const { failures } = outcome;
      if (options.shard) {
        const { number, of } = options.shard;
        io.stderr.write(`Shard ${number}/${of} is in ${options.out}: polytask merge puts the shards together.\n`);
        return onExitCode(failures.length > 0 ? FAILED : 0);
      }
      writeOutcomeTo(io, outcome, { json, out: options.out });
      if (failures.length > 0) onExitCode(FAILED);
    });

/** Where trials run. An option of the command line counts before the default, and before a queue of the environment. */
function placeOf(
  command: Command,
  { workers, queue }: Pick<RunOptions, 'workers' | 'queue'>,
): Pick<RunOptions, 'workers' | 'queue'> {
  const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
  if (isGiven('workers') && !isGiven('queue')) return { workers, queue: undefined };
  return { workers: queue === undefined || isGiven('workers') ? workers : 0, queue };
}
