import { fail } from '@polytask/components';
import { allSuites, type ExternalModel } from '@polytask/study';
import { defaultSuite, parseShard } from '@polytask/study/internal';
import type { Tracker } from '@polytask/training';
import { Command } from 'commander';
import { externalFolder } from '../external/external-folder.ts';
import { readSuite, type RunOptions } from '../run-options.ts';
import { runResolved } from '../run-suite.ts';
import { suiteLoader } from '../suites/load-suite.ts';
import { trackerNamed } from '../tracking/trackers.ts';
import {
  accessIn,
  type AccessValues,
  withAccessOptions,
  balancersOption,
  baselineOption,
  dataOption,
  forceOption,
  jsonOption,
  modelsOption,
  outOption,
  queueOption,
  seedsOption,
  workersOption,
} from './shared-options.ts';
import { afterStop, untilStopped } from './interruption.ts';
import type { Invocation } from './io.ts';
import { writeOutcomeTo } from './outcome.ts';
import { ownDataDefaults, withTrainingOptions } from './training-options.ts';
import { progress } from './progress.ts';
import { argument, count, list, names, refuseCsv, usage } from './arguments.ts';

/** The exit code of a run with failed trials. */
const FAILED = 1;

interface Values
  extends AccessValues, Omit<RunOptions, 'suite' | 'directory' | 'externals' | 'trackers' | 'plugins' | 'access'> {
  data?: string;
  external: ExternalModel[];
  track: Tracker[];
  json?: boolean;
}

/** `polytask bench [suite]` runs a suite. The exit code is 1 if trials failed, 130 after Ctrl-C. */
export const command = (invocation: Invocation): Command =>
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
    .action(async (suite: string | undefined, { data, json, ...values }: Values, command: Command) => {
      const { access, others } = accessIn(values);
      const { external: externals, track: trackers, ...options } = others;
      const given = suite ?? data;
      if (given !== undefined) refuseCsv(given, command, (json) => `polytask bench ${json}`);
      const loaded = suite?.endsWith('.json') ? await suiteLoader(access)(suite) : suite; // an error in the file is not a usage error
      const { stderr, plugins, exit } = invocation;
      const listener = progress(stderr);
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
        invocation,
        (signal) => runResolved(resolved, { ...run, signal }).finally(() => listener.end()),
        () => listener.onNote?.(afterStop(run.out, listener.trialCount())),
      );
      if (!outcome) return;
      if (options.shard) {
        const { number, of } = options.shard;
        stderr.write(`Shard ${number}/${of} is in ${options.out}: polytask merge puts the shards together.\n`);
      } else writeOutcomeTo(invocation, outcome, { json, out: options.out });
      if (outcome.failures.length > 0) exit(FAILED);
    });

/** `NAME=DIR`: a model that was trained elsewhere. @param before those of the options before, as commander passes them */
function external(text: string, before: readonly ExternalModel[] = []): ExternalModel[] {
  const [, name, directory] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && directory !== undefined) return [...before, externalFolder(name.trim(), directory)];
  return fail({
    expected: 'a name and a directory of predictions for --external',
    received: `"${text}"`,
    fix: 'Pass --external lightgbm=DIR, for example.',
  });
}

/** Where trials run. An option of the command line counts before the default, and before a queue of the environment. */
function placeOf(
  command: Command,
  { workers, queue }: Pick<RunOptions, 'workers' | 'queue'>,
): Pick<RunOptions, 'workers' | 'queue'> {
  const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
  if (isGiven('workers') && !isGiven('queue')) return { workers, queue: undefined };
  return { workers: queue === undefined || isGiven('workers') ? workers : 0, queue };
}
