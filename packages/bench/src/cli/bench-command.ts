import { PolytaskError } from '@polytask/core';
import { Command } from 'commander';
import pc from 'picocolors';
import type { BalancerRow } from '../balancers/balancer-row.ts';
import { balancers } from '../balancers/balancers.ts';
import { engines } from '../engines/engines.ts';
import { AUTO } from '../engines/start-engine.ts';
import { findRow } from '../find-row.ts';
import type { ModelRow } from '../models/model-row.ts';
import { models } from '../models/models.ts';
import { planSuite } from '../plan-suite.ts';
import { renderTable } from '../report/render-table.ts';
import type { RunOptions } from '../run-options.ts';
import { runSuite } from '../run-suite.ts';
import { datasetSuite } from '../suites/dataset-suite.ts';
import type { SuiteRow } from '../suites/suite.ts';
import { suites } from '../suites/suites.ts';
import { argument, count, list, positive, seeds } from './arguments.ts';
import type { Io } from './io.ts';
import { progress } from './progress.ts';

interface BenchOptions {
  models?: ModelRow[];
  balancers?: BalancerRow[];
  seeds?: readonly number[];
  epochs?: number;
  batchSize?: number;
  learningRate?: number;
  limitRows?: number;
  engine: string;
  data?: string;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** `polytask bench [suite]`. @param failed told when the table is there but some trials aren't */
export const benchCommand = ({ stdout, stderr }: Io, failed: () => void): Command =>
  new Command('bench')
    .description('train models on a suite with paired seeds, and print a table with intervals')
    .argument('[suite]', `what to run: ${suites.map(({ name }) => name).join(', ')} (default: ${suites[0]!.name})`, argument((name) => findRow(suites, name, 'suite')))
    .option('--models <names>', 'some models, with commas between (default: those of the AdaTT paper)', argument(list((name) => findRow(models, name, 'model'))))
    .option('--balancers <names>', 'each model under each of these, and under the plain sum (default: the plain sum)', argument(list((name) => findRow(balancers, name, 'balancer'))))
    .option('--seeds <seeds>', 'how many (5), a list (1,2,3) or a range (6-10)', argument(seeds))
    .option('--epochs <n>', 'at most so many', argument(count('--epochs')))
    .option('--batch-size <n>', 'rows a step', argument(count('--batch-size')))
    .option('--learning-rate <x>', "Adam's", argument(positive('--learning-rate')))
    .option('--limit-rows <n>', 'at most so many training and test rows: a quick look', argument(count('--limit-rows')))
    .option('--engine <name>', `${AUTO}, ${engines.map(({ name }) => name).join(', ')}`, argument((name) => (name === AUTO ? name : findRow(engines, name, 'engine').name)), AUTO)
    .option('--data <path>', "where the suite's data is: a directory; or a JSON file that describes a data set, in place of a suite")
    .option('--out <dir>', 'write results.jsonl, summary.json and report.md; go on from what is there')
    .option('--force', 'run trials again that are there already')
    .option('--json', 'the summary as JSON on stdout, and nothing else')
    .action(async (suite: SuiteRow | undefined, { data, json, ...options }: BenchOptions, command: Command) => {
      const ownData = suite === undefined && data?.endsWith('.json') ? await datasetSuite(data) : undefined;
      const run: RunOptions = { ...options, suite: ownData ?? suite, directory: data, listener: progress(stderr) };
      checkUsage(run, command);
      const { summary, failures } = await runSuite(run);
      const colors = Boolean(stdout.isTTY) && pc.isColorSupported;
      const width = stdout.isTTY ? stdout.columns : undefined;
      stdout.write(json ? `${JSON.stringify(summary, null, 2)}\n` : `\n${renderTable(summary, { width, colors })}`);
      if (options.out !== undefined) stderr.write(`Written: results.jsonl, summary.json and report.md in ${options.out}\n`);
      if (failures.length > 0) failed();
    });

/** What a plan refuses is the user's to mend: a usage error. */
function checkUsage(options: RunOptions, command: Command): void {
  try {
    planSuite(options);
  } catch (error) {
    if (error instanceof PolytaskError) command.error(`error: ${error.message}`);
    throw error;
  }
}
