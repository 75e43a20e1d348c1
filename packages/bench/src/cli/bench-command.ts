import { allSuites, defaultSuite, type ExternalModel, parseShard } from '@polytask/study';
import type { Tracker } from '@polytask/training';
import { Command } from 'commander';
import { readSuite, type RunOptions } from '../run-options.ts';
import { runResolved } from '../run-suite.ts';
import { datasetFile } from '../suites/load-suite.ts';
import { parseTracker, trackerPlaces } from '../tracking/parse-tracker.ts';
import { accessIn, type AccessValues, withAccessOptions } from './access-options.ts';
import { argument, count, external, names, queueOption, seeds, withTrainingOptions } from './arguments.ts';
import { afterStop, INTERRUPTED, untilStopped } from './interruption.ts';
import { type Io, writeOutcomeTo } from './io.ts';
import { ownDataDefaults } from './own-data-defaults.ts';
import { progress } from './progress.ts';
import { refuseCsv, usage } from './usage.ts';

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
  withTrainingOptions(withAccessOptions(new Command('bench')))
    .description('train models on a suite with paired seeds or folds, and print a table with intervals')
    .argument(
      '[suite]',
      `what to run: ${allSuites()
        .map(({ name }) => name)
        .join(', ')} (default: ${defaultSuite.name}), or a suite's file`,
    )
    .option(
      '--models <names>',
      "some models, with commas between, and with options: 'adatt,adatt(residual=false)' (default: all of the suite)",
      names,
    )
    .option(
      '--balancers <names>',
      "each model under each of these ('gradnorm(alpha=0.5)'), under the plain sum, and under it with tuned weights (default: the plain sum)",
      names,
    )
    .option(
      '--experts <names>',
      "each model with its own experts, and with each of these: 'mlp(activation=gelu)' ('polytask list experts')",
      names,
    )
    .option('--gates <names>', "each model with its own gate, and with each of these ('polytask list gates')", names)
    .option(
      '--baseline <name>',
      "the model that the others are compared with (default: the suite's; or, with --experts, --gates or --balancers, " +
        'the first of --models as it is)',
    )
    .option('--seeds <seeds>', 'how many (5), a list (1,2,3) or a range (6-10)', argument(seeds))
    .option(
      '--folds <k>',
      'k-fold cross-validation: each fold is the test rows once; --seeds 2 repeats it with other folds (default of --seeds: 1)',
      argument(count('--folds', 2)),
    )
    .option(
      '--data <path>',
      "where the suite's data is: a directory; or a JSON file that describes a data set, in place of a suite",
    )
    .option('--out <dir>', 'write results.jsonl and a report (HTML, Markdown, CSV, SVG); go on from what is there')
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
    .option('--track <place>', `record each trial: ${trackerPlaces()}; may be repeated`, argument(parseTracker), [])
    .option('--force', 'run trials again that are there already')
    .option(
      '--workers <n>',
      'processes, a trial each at a time; 0: no other process',
      argument(count('--workers', 0)),
      1,
    )
    .addOption(
      queueOption('run the trials on the workers of this queue, on any number of machines; instead of --workers'),
    )
    .option(
      '--shard <k/n>',
      "the k-th of n parts of the trials; 'polytask merge' puts them together",
      argument(parseShard),
    )
    .option('--json', 'the summary as JSON on stdout, and nothing else')
    .addHelpText('after', () => ownDataDefaults('--data people.json'))
    .action(async (suite: string | undefined, { data, json, ...values }: BenchOptions, command: Command) => {
      const { access, others } = accessIn(values);
      const { external: externals, track: trackers, ...options } = others;
      if (suite === undefined && data !== undefined)
        refuseCsv(data, command, (json) => `polytask bench --data ${json}`);
      const ownData = suite === undefined && data?.endsWith('.json') ? data : undefined;
      const ownSuite = ownData && (await datasetFile(ownData, access)); // an error in the file is not a usage error
      const listener = progress(io.stderr);
      const run: RunOptions = {
        ...options,
        ...placeOf(command, options),
        externals,
        trackers,
        suite: ownSuite ?? suite,
        directory: ownData === undefined ? data : undefined,
        plugins,
        access,
        listener,
      };
      const resolved = await usage(command, () => readSuite(run));
      const outcome = await untilStopped(
        (signal) => runResolved(resolved, { ...run, signal }),
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
