import { fail, optional, positive, printableLine, text, wholeNumber } from '@polytask/components';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { defineCommand, option, fromText } from './command.ts';
import { interruptible } from './io.ts';
import * as shared from './shared-options.ts';

export const command = defineCommand({
  options: {
    queue: shared.queue('', shared.queueUrl),
    workers: shared.workers('each runs one trial at a time', optional(wholeNumber(1), 1)),
    data: shared.data(" (default: the coordinator's path, or fetched)"),
    cache: option('<dir>', 'where fetched data is kept', text, path.join(os.homedir(), '.cache', 'polytask')),
    lostAfter: option(
      '<s>',
      'after how many seconds without a word a worker counts as lost, and its trials go to others',
      wholeNumber(1),
      30,
    ),
    trialMinutes: option('<n>', 'end a trial that takes longer (default: no limit)', positive),
    trialMemory: option(
      '<size>',
      'end a trial whose process holds more: 500MB or 2GB (default: no limit)',
      fromText(bytes),
    ),
    ...shared.access,
  },
  async run(values, { stderr, interrupts, plugins }) {
    const { queue, workers: processes, data, cache, lostAfter: patience, access, ...most } = shared.withAccess(values);
    const limits = { minutes: most.trialMinutes, bytes: most.trialMemory };
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
  },
});

/** Bytes as a decimal size: `500MB` or `2GB`. */
export function bytes(written: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([MG])B$/.exec(written) ?? [];
  if (number === undefined || Number(number) === 0)
    fail({ expected: 'a size in MB or GB', received: `"${written}"`, fix: 'Pass 500MB or 2GB, for example.' });
  return Number(number) * (unit === 'M' ? 1e6 : 1e9);
}
