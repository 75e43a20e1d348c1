import { printableLine } from '@polytask/components';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import {
  accessIn,
  type AccessValues,
  withAccessOptions,
  dataOption,
  queueOption,
  workersOption,
} from './shared-options.ts';
import { interruptible } from './interruption.ts';
import type { Invocation } from './io.ts';
import { argument, bytes, count, positive } from './arguments.ts';

interface WorkerOptions extends AccessValues {
  queue: string;
  workers: number;
  data?: string;
  cache: string;
  lostAfter: number;
  trialMinutes?: number;
  trialMemory?: number;
}

/** `polytask worker --queue URL` runs the trials of a queue until Ctrl-C or SIGTERM. */
export const command = ({ stderr, interrupts, plugins }: Invocation): Command =>
  withAccessOptions(new Command('worker'))
    .addOption(queueOption('').makeOptionMandatory())
    .addOption(workersOption('each runs one trial at a time', 1).default(1))
    .addOption(dataOption(" (default: the coordinator's path, or fetched)"))
    .option('--cache <dir>', 'where fetched data is kept', path.join(os.homedir(), '.cache', 'polytask'))
    .option(
      '--lost-after <s>',
      'after how many seconds without a word a worker counts as lost, and its trials go to others',
      argument(count('--lost-after')),
      30,
    )
    .option(
      '--trial-minutes <n>',
      'end a trial that takes longer (default: no limit)',
      argument(positive('--trial-minutes')),
    )
    .option(
      '--trial-memory <size>',
      'end a trial whose process holds more: 500MB or 2GB (default: no limit)',
      argument(bytes),
    )
    .action(async (values: WorkerOptions) => {
      const { access, others } = accessIn(values);
      const { queue, workers: processes, data, cache, lostAfter: patience, trialMinutes, trialMemory } = others;
      const limits = { minutes: trialMinutes, bytes: trialMemory };
      const onNote = (message: string) => stderr.write(`${printableLine(message)}\n`);
      const { queueWorker } = await import('../queue/queue-worker.ts');
      const worker = await queueWorker(queue, {
        ...{ processes, folders: { data, cache }, plugins, access, limits, patience, onNote },
      });
      const run = async (signal: AbortSignal) => {
        onNote(`Worker ${worker.name} waits for trials. Ctrl-C stops.`);
        await once(signal, 'abort');
        onNote('Stopping after the running trials. Ctrl-C again stops at once, and other workers run them.');
        await worker.close();
      };
      await interruptible(run, interrupts, ['SIGINT', 'SIGTERM']);
    });
