import { nodeRuntime } from '@polytask/compile';
import { type BalancerRow, balancers, findRow } from '@polytask/study';
import { eagerEngine } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';
import { Command } from 'commander';
import { engines, type EngineRow } from '../engines/engines.ts';
import { startEngine } from '../engines/start-engine.ts';
import { versions } from '../environment.ts';
import { configurations, timedModels, type TimedConfiguration, type TimedModel } from '../timing/configurations.ts';
import { measurements, type MeasurementRow } from '../timing/measurements.ts';
import { timeModel, type TimedLine } from '../timing/time-model.ts';
import { argument, count, list, positive } from './arguments.ts';
import type { Io } from './io.ts';

interface Options {
  config: TimedConfiguration;
  models: readonly TimedModel[];
  what: readonly MeasurementRow[];
  balancers: readonly BalancerRow[];
  engine: EngineRow;
  threads: number;
  seconds: number;
  inference: readonly number[];
  json?: boolean;
}

const namesOf = (rows: readonly { name: string }[]): string => rows.map(({ name }) => name).join(', ');

/** `polytask time`: milliseconds of training steps, inference and more, in the line format of the PyTorch timing script. */
export const timeCommand = ({ stdout }: Io): Command =>
  new Command('time')
    .description('time training steps and inference on random numbers')
    .option(
      '--config <name>',
      configurations.map(({ name, description }) => `${name}: ${description}`).join('; '),
      argument((name) => findRow(configurations, name, 'configuration')),
      configurations[0],
    )
    .option(
      '--models <names>',
      `some of ${namesOf(timedModels)}`,
      argument(list((name) => findRow(timedModels, name, 'model'))),
      timedModels,
    )
    .option(
      '--what <names>',
      measurements.map(({ name, description }) => `${name}: ${description}`).join('; '),
      argument(list((name) => findRow(measurements, name, 'measurement'))),
      measurements.slice(0, 2),
    )
    .option(
      '--balancers <names>',
      'training steps under these as well, and how many times the plain step they take',
      argument(list((name) => findRow(balancers(), name, 'balancer'))),
      [],
    )
    .option(
      '--engine <name>',
      namesOf(engines),
      argument((name) => findRow(engines, name, 'engine')),
      engines[0],
    )
    .option('--threads <n>', 'threads within an operation, of the compiled engine', argument(count('--threads')), 1)
    .option(
      '--seconds <s>',
      'how long each training step is repeated; inference takes a third',
      argument(positive('--seconds')),
      3,
    )
    .option('--inference <sizes>', 'batch sizes of inference', argument(list(count('--inference'))), [1, 256, 2048])
    .option('--json', 'a JSON line a measurement')
    .action(async ({ config, models, engine: row, json, ...options }: Options) => {
      await startEngine(row.name);
      const { threads } = options;
      const runtime = row.training === 'compiled' ? await nodeRuntime({ threads }) : undefined;
      const engine = runtime ? compiledEngine({ runtime }) : eagerEngine;
      const framework = `polytask ${versions()['@polytask/bench']!}`;
      for (const model of models) {
        for await (const line of timeModel(model, config, {
          ...options,
          engine,
          engineName: row.name,
          runtime,
          framework,
        })) {
          stdout.write(json ? `${JSON.stringify(line)}\n` : plain(line));
        }
      }
    });

const plain = ({ model, balancer, what, batch, median, p10, p90, runs, timesPlain }: TimedLine): string => {
  const name = balancer === undefined ? model.padEnd(13) : `  ${balancer}`.padEnd(30);
  const ratio = timesPlain === undefined ? '' : `  ${timesPlain.toFixed(2)} × plain`;
  return `${name} ${`${what}, batch ${batch}`.padEnd(27)} ${median.toFixed(3).padStart(10)} ms  (p10 ${p10}, p90 ${p90}, ${runs} runs)${ratio}\n`;
};
