import { findEntry, listOf, type NamedEntry, positive, wholeNumber } from '@polytask/components';
import { balancerNamed } from '@polytask/study';
import { eagerEngine } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';
import { startEngine, versions } from '../engines.ts';
import { configurations, timedModels, withIds } from '../timing/configurations.ts';
import { measurements, type TimedLine, timeModel } from '../timing/measurements.ts';
import { defineCommand, option, fromText } from './command.ts';
import * as shared from './shared-options.ts';

const explained = (rows: readonly NamedEntry[]): string =>
  rows.map(({ name, description }) => `${name}: ${description}`).join('; ');

/** Each field of the configuration `ids` has a value at least. */
const LEAST_IDS = 8;

export const command = defineCommand({
  options: {
    config: option(
      '<name>',
      explained(configurations),
      shared.entryOf(configurations, 'configuration'),
      configurations[0]!.name,
    ),
    models: option(
      '<names>',
      `models, with commas between (default: ${shared.namesOf(timedModels)}; with ids adatt-sp)`,
      listOf(shared.entryOf(timedModels, 'model')),
    ),
    what: option(
      '<names>',
      `${explained(measurements)} (default: ${shared.namesOf(measurements.slice(0, 2))}; with ids train)`,
      listOf(shared.entryOf(measurements, 'measurement')),
    ),
    ids: option(
      '<sizes>',
      'rows of the embedding table; each size is timed (default: with ids 1000,100000,1000000)',
      listOf(wholeNumber(LEAST_IDS)),
    ),
    balancers: option(
      '<names>',
      'balancers, with commas between: training steps under these too, and how many times the plain step they take',
      listOf(fromText(balancerNamed)),
      [],
    ),
    engine: shared.engine,
    threads: option('<n>', 'threads within an operation, of a compiled engine', wholeNumber(1), 1),
    seconds: option('<s>', 'how long each training step is repeated; inference takes a third', positive, 3),
    inference: option('<sizes>', 'batch sizes of inference', listOf(wholeNumber(1)), [1, 256, 2048]),
    precision: shared.precision,
    json: shared.json('a line for each measurement'),
  },
  async run({ config, json, ...options }, { stdout, stderr }) {
    const { threads } = options;
    const started = await startEngine(options.engine, (note) => stderr.write(`${note}\n`));
    const runtime = await started.runtime?.({ threads });
    const engine = runtime ? compiledEngine({ runtime }) : eagerEngine;
    const framework = `polytask ${versions()['@polytask/bench']!}`;
    const { defaults } = config;
    const models =
      options.models ?? defaults?.models.map((name) => findEntry(timedModels, name, 'model')) ?? timedModels;
    const usual = defaults?.what.map((name) => findEntry(measurements, name, 'measurement'));
    const what = options.what ?? usual ?? measurements.slice(0, 2);
    const ids = options.ids ?? defaults?.ids;
    for (const configuration of ids?.map((size) => withIds(config, size)) ?? [config]) {
      for (const model of models) {
        for await (const line of timeModel(model, configuration, {
          ...options,
          ...{ what, engine, engineName: started.name, runtime, framework },
        })) {
          stdout.write(json ? `${JSON.stringify(line)}\n` : plain(line));
        }
      }
    }
  },
});

const plain = ({ model, ids, balancer, what, batch, median, p10, p90, runs, timesPlain }: TimedLine): string => {
  const name = balancer === undefined ? model.padEnd(13) : `  ${balancer}`.padEnd(30);
  const ratio = timesPlain === undefined ? '' : `  ${timesPlain.toFixed(2)} × plain`;
  const size = ids === undefined ? '' : `, ${ids.toLocaleString('en-US')} ids`;
  const label = `${what}, batch ${batch}${size}`.padEnd(27);
  const spread = `(p10 ${p10}, p90 ${p90}, ${runs} runs)`;
  return `${name} ${label} ${median.toFixed(3).padStart(10)} ms  ${spread}${ratio}\n`;
};
