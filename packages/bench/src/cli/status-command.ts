import { setTimeout } from 'node:timers/promises';
import { optional, text } from '@polytask/components';
import type { Status } from '../status/status.ts';
import { argument, defineCommand, toggle } from './command.ts';
import { interruptible } from './interruption.ts';
import { FIRST_LINE, type Invocation } from './io.ts';
import { jsonOption, queueOption, queueUrl } from './shared-options.ts';

/** How often a live view changes, in milliseconds. */
const REFRESH = 2000;

/** `polytask status DIR|--queue URL` shows the progress of a study: trials done, running and failed, with the reason; trials per hour, and the time left. */
export const command = defineCommand({
  options: {
    dir: argument('the --out directory of a study', optional(text)),
    queue: queueOption(': its studies, in place of a directory', optional(queueUrl)),
    watch: toggle('a live view, until Ctrl-C'),
    json: jsonOption('{ studies, workers, waiting, running, failed }'),
  },
  async run({ dir, queue, watch: isLive, json }, invocation) {
    const { stdout, interrupts } = invocation;
    const { read, close } = await sourceOf(dir, queue, invocation);
    const watch = async (signal: AbortSignal) => {
      for (; !signal.aborted; await setTimeout(REFRESH, undefined, { signal }).catch(() => {})) {
        const status = await read();
        const before = stdout.isTTY && !json ? FIRST_LINE : '';
        stdout.write(before + (json ? `${JSON.stringify(status)}\n` : await textOf(status)));
      }
    };
    try {
      if (!isLive) return await read();
      return await interruptible(watch, interrupts).then(() => undefined);
    } finally {
      await close();
    }
  },
  document: textOf,
});

async function textOf(status: Status): Promise<string> {
  return (await import('../status/render-status.ts')).renderStatus(status);
}

async function sourceOf(
  directory: string | undefined,
  queue: string | undefined,
  { isGiven, misuse }: Invocation,
): Promise<{ read(): Promise<Status>; close(): Promise<void> }> {
  if (directory === undefined ? queue === undefined : isGiven('queue'))
    misuse(`Expected a directory or --queue URL, received ${directory === undefined ? 'none' : 'both'}.`);
  if (directory === undefined) return (await import('../queue/roster.ts')).openQueueStatus(queue!);
  const { directoryStatus } = await import('../status/status.ts');
  return { read: () => directoryStatus(directory), close: () => Promise.resolve() };
}
