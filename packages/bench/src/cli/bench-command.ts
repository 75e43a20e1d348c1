import path from 'node:path';
import { fail, listOf, optional, text, wholeNumber } from '@polytask/components';
import { allSuites, defaultSuite, parseShard } from '@polytask/study';
import { externalFolder } from '../external/external-folder.ts';
import { readSuite, type RunOptions, runOptions } from '../run-options.ts';
import { runResolved } from '../run-suite.ts';
import { suiteLoader } from '../suites/load-suite.ts';
import { argument, defineCommand, option, optionsOf, usage, fromText } from './command.ts';
import { afterStop, type Invocation } from './io.ts';
import { withProgress } from './progress.ts';
import { printedOutcome } from './results-commands.ts';
import * as shared from './shared-options.ts';
import { ownDataDefaults, sizeOptions, trackOption, trainingOptions, withSize } from './training-options.ts';

export const command = defineCommand({
  options: {
    suite: argument(
      `what to run: ${shared.namesOf(allSuites())} (default: ${defaultSuite.name}), or the JSON file of a data set or a suite`,
      optional(text),
    ),
    models: shared.models(": 'adatt,adatt(residual=false)' (default: all of the suite)"),
    boosting: shared.boosting(),
    balancers: shared.names(
      "balancers, with commas between: each model under each of these ('gradnorm(alpha=0.5)'), under the plain sum, " +
        'and under it with tuned weights (default: the plain sum)',
    ),
    baseline: shared.baseline(
      "the suite's; or, with --experts, --gates or --balancers, the first of --models as it is",
    ),
    seeds: shared.seeds(" (default: the suite's)"),
    ...optionsOf<RunOptions>(async () => runOptions)({
      experts: {
        place: '<names>',
        words:
          "each model with its own experts, and with each of these: 'mlp(activation=gelu)' ('polytask list experts')",
      },
      gates: {
        place: '<names>',
        words: "each model with its own gate, and with each of these ('polytask list gates')",
      },
      folds: {
        place: '<k>',
        words:
          'k-fold cross-validation: each fold is the test rows once; --seeds 2 repeats it with other folds (default of --seeds: 1)',
      },
      search: {
        place: '<name>',
        words:
          "how to search hyper-parameters: 'tpe(startup=5)' ('polytask list searches'; default: as the suite says, whose space it is)",
      },
      searchTrials: { place: '<n>', words: 'how many configurations of each model a search tries' },
      reuse: {
        place: '<dirs>',
        words:
          "other runs' --out directories, with commas between: what has been trained there, in whichever suite, is copied",
      },
      keepPredictions: { words: "also write each trial's predictions, for polytask score" },
    }),
    data: shared.data(),
    out: shared.out(
      'dir',
      'results.jsonl and a report (HTML, Markdown, CSV, SVG); continues from what is there (default: bench-results/SUITE)',
      optional(text),
    ),
    external: {
      ...option(
        '<name=dir>',
        'a row of a model that was trained elsewhere: its predictions of the rows of polytask split; may be repeated',
        listOf(fromText(external)),
        [],
      ),
      isRepeated: true,
    },
    track: trackOption('each trial'),
    force: shared.force('the trials of this run'),
    workers: shared.workers('each runs one trial at a time; 0: no other process', optional(wholeNumber(), 1)),
    queue: shared.queue(
      ': its workers run the trials, on any number of machines; instead of --workers',
      optional(shared.queueUrl),
    ),
    shard: option(
      '<k/n>',
      "the k-th of n parts of the trials; 'polytask merge' puts them together",
      fromText(parseShard),
    ),
    json: shared.json('the summary'),
    ...sizeOptions,
    ...trainingOptions,
    ...shared.access,
  },
  async run({ suite, data, json: _, external: externals, track: trackers, ...values }, invocation) {
    const named = suite ?? data;
    if (named !== undefined) shared.refuseCsv(named, invocation, (file) => `polytask bench ${file}`);
    const given = {
      ...withSize(shared.withAccess(values)),
      ...placeOf(invocation, values),
      out: values.out ?? defaultOut(suite),
    };
    const options = { ...given, externals, trackers, directory: data };
    const loaded = suite?.endsWith('.json') ? await suiteLoader(options.access)(suite) : suite; // an error in the file is not a usage error
    const { plugins, stderr, exit } = invocation;
    const run: RunOptions = { ...options, suite: loaded, plugins };
    const resolved = await usage(invocation, () => readSuite(run));
    if (values.out === undefined)
      stderr.write(`Trials are kept in ${given.out}: if the run stops, the same command resumes it.\n`);
    const outcome = await withProgress(
      invocation,
      (hooks) => runResolved(resolved, { ...run, ...hooks }),
      (trials) => afterStop(given.out, trials),
    );
    if (!outcome) return undefined;
    if (outcome.failures.length > 0) exit(1);
    if (!run.shard) return outcome;
    const { number, of } = run.shard;
    stderr.write(`Shard ${number}/${of} is in ${given.out}: polytask merge puts the shards together.\n`);
    return undefined;
  },
  ...printedOutcome,
  finish: (outcome, { suite, out = defaultOut(suite) }, invocation) =>
    printedOutcome.finish(outcome, { out }, invocation),
  notes: ownDataDefaults(),
});

/** Where a run without `--out` keeps its trials. Trials of other data or options may be there: they have other keys. */
const defaultOut = (suite = defaultSuite.name): string => path.join('bench-results', path.parse(suite).name);

/** `NAME=DIR`: a model that was trained elsewhere. */
function external(written: string) {
  const [, name, directory] = /^([^=]+)=(.+)$/.exec(written) ?? [];
  if (name !== undefined && directory !== undefined) return externalFolder(name.trim(), directory);
  return fail({
    expected: 'a name and a directory of predictions for --external',
    received: `"${written}"`,
    fix: 'Pass --external lightgbm=DIR, for example.',
  });
}

type Place = Pick<RunOptions, 'workers' | 'queue'>;

/** Where trials run. An option of the command line counts before the default, and before a queue of the environment. */
function placeOf({ isGiven }: Invocation, { workers, queue }: Place): Place {
  if (isGiven('workers') && !isGiven('queue')) return { workers, queue: undefined };
  return { workers: queue === undefined || isGiven('workers') ? workers : 0, queue };
}
