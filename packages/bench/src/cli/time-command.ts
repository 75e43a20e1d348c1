import { findEntry, type NamedEntry } from '@polytask/components';
import type { BalancerEntry } from '@polytask/study';
import { balancerNamed } from '@polytask/study/internal';
import { eagerEngine } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';
import { Command, Option } from 'commander';
import { startEngine, versions } from '../engines.ts';
import {
  configurations,
  type TimedConfiguration,
  type TimedModel,
  timedModels,
  withIds,
} from '../timing/configurations.ts';
import { type MeasurementEntry, measurements, type TimedLine, timeModel } from '../timing/measurements.ts';
import type { Invocation } from './io.ts';
import { argument, count, list, positive, row, rowList } from './arguments.ts';
import {
  balancersOption,
  engineOption,
  jsonOption,
  modelsOption,
  precisionOption,
  type PredictorPrecision,
} from './shared-options.ts';

interface Options {
  config: TimedConfiguration;
  models?: readonly TimedModel[];
  what?: readonly MeasurementEntry[];
  ids?: readonly number[];
  balancers: readonly BalancerEntry[];
  engine: string;
  threads: number;
  seconds: number;
  inference: readonly number[];
  precision: PredictorPrecision;
  json?: boolean;
}

const namesOf = (rows: readonly { name: string }[]): string => rows.map(({ name }) => name).join(', ');

/** `polytask time` measures milliseconds of training steps, inference and more. Its JSON lines have the format of the PyTorch script. */
export const command = ({ stdout, stderr }: Invocation): Command =>
  new Command('time')
    .addOption(
      new Option('--config <name>', explained(configurations))
        .argParser(row(configurations, 'configuration'))
        .default(configurations[0], configurations[0]!.name),
    )
    .addOption(
      modelsOption(` (default: ${namesOf(timedModels)}; with ids adatt-sp)`).argParser(rowList(timedModels, 'model')),
    )
    .addOption(
      new Option(
        '--what <names>',
        `${explained(measurements)} (default: ${namesOf(measurements.slice(0, 2))}; with ids train)`,
      ).argParser(rowList(measurements, 'measurement')),
    )
    .addOption(
      new Option('--ids <sizes>', 'rows of the embedding table; each size is timed')
        .argParser(list(count('--ids', LEAST_IDS)))
        .default(undefined, 'with ids 1000,100000,1000000'),
    )
    .addOption(
      balancersOption('training steps under these too, and how many times the plain step they take')
        .argParser(list(balancerNamed))
        .default([], 'none'),
    )
    .addOption(engineOption())
    .option('--threads <n>', 'threads within an operation, of a compiled engine', argument(count('--threads')), 1)
    .option(
      '--seconds <s>',
      'how long each training step is repeated; inference takes a third',
      argument(positive('--seconds')),
      3,
    )
    .option('--inference <sizes>', 'batch sizes of inference', list(count('--inference')), [1, 256, 2048])
    .addOption(precisionOption())
    .addOption(jsonOption('a line for each measurement'))
    .action(async ({ config, json, ...options }: Options) => {
      const { threads } = options;
      const started = await startEngine(options.engine, (note) => stderr.write(`${note}\n`));
      const runtime = await started.runtime?.({ threads });
      const engine = runtime ? compiledEngine({ runtime }) : eagerEngine;
      const framework = `polytask ${versions()['@polytask/bench']!}`;
      const { models, what } = chosen(config, options);
      for (const configuration of sized(config, options.ids)) {
        for (const model of models) {
          for await (const line of timeModel(model, configuration, {
            ...options,
            ...{ what, engine, engineName: started.name, runtime, framework },
          })) {
            stdout.write(json ? `${JSON.stringify(line)}\n` : plain(line));
          }
        }
      }
    });

/** The models and measurements of the options, or else those of the configuration. */
const chosen = ({ defaults }: TimedConfiguration, { models, what }: Pick<Options, 'models' | 'what'>) => ({
  models: models ?? defaults?.models.map((name) => findEntry(timedModels, name, 'model')) ?? timedModels,
  what: what ?? defaults?.what.map((name) => findEntry(measurements, name, 'measurement')) ?? measurements.slice(0, 2),
});

/** Each field of the configuration `ids` has a value at least. */
const LEAST_IDS = 8;

/** The sizes of the configuration `ids` without --ids. */
const DEFAULT_IDS = [1000, 100_000, 1_000_000];

/** The configuration at each size of its table. */
const sized = (
  config: TimedConfiguration,
  ids: readonly number[] | undefined = config.name === 'ids' ? DEFAULT_IDS : undefined,
): readonly TimedConfiguration[] => ids?.map((size) => withIds(config, size)) ?? [config];

const plain = ({ model, ids, balancer, what, batch, median, p10, p90, runs, timesPlain }: TimedLine): string => {
  const name = balancer === undefined ? model.padEnd(13) : `  ${balancer}`.padEnd(30);
  const ratio = timesPlain === undefined ? '' : `  ${timesPlain.toFixed(2)} × plain`;
  const size = ids === undefined ? '' : `, ${ids.toLocaleString('en-US')} ids`;
  const label = `${what}, batch ${batch}${size}`.padEnd(27);
  const spread = `(p10 ${p10}, p90 ${p90}, ${runs} runs)`;
  return `${name} ${label} ${median.toFixed(3).padStart(10)} ms  ${spread}${ratio}\n`;
};

const explained = (rows: readonly NamedEntry[]): string =>
  rows.map(({ name, description }) => `${name}: ${description}`).join('; ');
