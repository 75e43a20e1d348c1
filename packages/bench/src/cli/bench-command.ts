import { PolytaskError } from '@polytask/core';
import {
  allSuites,
  balancers,
  defaultSuite,
  findRow,
  renderOutcome,
  type BalancerRow,
  type RunOutcome,
} from '@polytask/study';
import { Command } from 'commander';
import pc from 'picocolors';
import { engines } from '../engines/engines.ts';
import { AUTO } from '../engines/start-engine.ts';
import { readSuite } from '../read-suite.ts';
import { FILES } from '../report/write-outcome.ts';
import type { RunOptions } from '../run-options.ts';
import { runSuite } from '../run-suite.ts';
import { datasetSuite } from '../suites/dataset-suite.ts';
import { argument, count, list, positive, seeds } from './arguments.ts';
import type { Io } from './io.ts';
import { afterStop, interruptible, INTERRUPTED, Interruption, type Interrupts } from './interruption.ts';
import { progress, type Progress } from './progress.ts';

/** Some trials failed. */
const FAILED = 1;

interface BenchOptions {
  models?: string[];
  balancers?: BalancerRow[];
  baseline?: string;
  seeds?: readonly number[];
  epochs?: number;
  batchSize?: number;
  patience?: number;
  learningRate?: number;
  limitRows?: number;
  engine: string;
  data?: string;
  out?: string;
  force?: boolean;
  reuse?: string[];
  workers: number;
  json?: boolean;
}

/** `polytask bench [suite]`. @param ended told the exit code when it isn't 0: 1 when some trials failed, 130 after Ctrl-C */
export const benchCommand = ({ stdout, stderr, interrupts }: Io, ended: (code: number) => void): Command =>
  new Command('bench')
    .description('train models on a suite with paired seeds, and print a table with intervals')
    .argument(
      '[suite]',
      `what to run: ${allSuites()
        .map(({ name }) => name)
        .join(', ')} (default: ${defaultSuite.name}), or a suite's file`,
    )
    .option(
      '--models <names>',
      'some models, with commas between (default: all of the suite)',
      list((name) => name),
    )
    .option(
      '--balancers <names>',
      'each model under each of these, under the plain sum, and under it with tuned weights (default: the plain sum)',
      argument(list((name) => findRow(balancers(), name, 'balancer'))),
    )
    .option('--baseline <name>', "the model that the others are compared with (default: the suite's)")
    .option('--seeds <seeds>', 'how many (5), a list (1,2,3) or a range (6-10)', argument(seeds))
    .option('--epochs <n>', 'at most so many', argument(count('--epochs')))
    .option('--batch-size <n>', 'rows a step', argument(count('--batch-size')))
    .option('--patience <n>', 'epochs without a better validation score', argument(count('--patience')))
    .option('--learning-rate <x>', "Adam's", argument(positive('--learning-rate')))
    .option('--limit-rows <n>', 'at most so many training and test rows: a quick look', argument(count('--limit-rows')))
    .option(
      '--engine <name>',
      `${AUTO}, ${engines.map(({ name }) => name).join(', ')}`,
      argument((name) => (name === AUTO ? name : findRow(engines, name, 'engine').name)),
      AUTO,
    )
    .option(
      '--data <path>',
      "where the suite's data is: a directory; or a JSON file that describes a data set, in place of a suite",
    )
    .option('--out <dir>', 'write results.jsonl and a report (HTML, Markdown, CSV, SVG); go on from what is there')
    .option(
      '--reuse <dirs>',
      "other runs' --out directories, with commas between: what has been trained there, in whichever suite, is copied",
      list((name) => name),
    )
    .option('--force', 'run trials again that are there already')
    .option(
      '--workers <n>',
      'processes, a trial each at a time; 0: no other process',
      argument(count('--workers', 0)),
      1,
    )
    .option('--json', 'the summary as JSON on stdout, and nothing else')
    .action(async (suite: string | undefined, { data, json, ...options }: BenchOptions, command: Command) => {
      if (suite === undefined && data !== undefined) refuseCsv(data, command);
      const ownData = suite === undefined && data?.endsWith('.json') ? data : undefined;
      if (ownData !== undefined) await datasetSuite(ownData); // what is wrong in it is no misuse of the command
      const listener = progress(stderr);
      const run: RunOptions = {
        ...options,
        suite: ownData ?? suite,
        directory: ownData === undefined ? data : undefined,
        listener,
      };
      await checkUsage(run, command);
      const outcome = await stoppable(run, listener, interrupts);
      if (!outcome) return ended(INTERRUPTED);
      const { summaries, failures } = outcome;
      const colors = Boolean(stdout.isTTY) && pc.isColorSupported;
      const width = stdout.isTTY ? stdout.columns : undefined;
      stdout.write(json ? `${JSON.stringify(summaries, null, 2)}\n` : renderOutcome(summaries, { width, colors }));
      if (options.out !== undefined) stderr.write(`Written: results.jsonl, ${FILES} in ${options.out}\n`);
      if (failures.length > 0) ended(FAILED);
    });

/** A CSV says nothing about its columns; `polytask describe` does. */
function refuseCsv(data: string, command: Command): void {
  const csv = /\.(csv|tsv)(\.(gz|br))?$/i.exec(data);
  if (!csv) return;
  const json = `${data.slice(0, csv.index)}.json`;
  command.error(
    `error: Expected a JSON file that describes the data set for --data, received "${data}". Run polytask describe ${data} --out ${json} first, then polytask bench --data ${json}.`,
  );
}

/** Runs a suite until it is over, or Ctrl-C stops it: then the user is told how to go on. */
async function stoppable(
  options: RunOptions,
  listener: Progress,
  interrupts: Interrupts | undefined,
): Promise<RunOutcome | undefined> {
  try {
    return await interruptible((signal) => runSuite({ ...options, signal }), interrupts);
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    listener.onNote?.(afterStop(options.out, listener.kept()));
    return undefined;
  }
}

/** What a plan refuses is the user's to mend: a usage error. */
async function checkUsage(options: RunOptions, command: Command): Promise<void> {
  try {
    await readSuite(options);
  } catch (error) {
    if (error instanceof PolytaskError) command.error(`error: ${error.message}`);
    throw error;
  }
}
