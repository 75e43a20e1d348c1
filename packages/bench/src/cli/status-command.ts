import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import type { Status } from '../status/status.ts';
import { interruptible } from './interruption.ts';
import { FIRST_LINE, type Invocation } from './io.ts';
import { jsonOption, queueOption } from './shared-options.ts';

/** How often a live view changes, in milliseconds. */
const REFRESH = 2000;

interface Options {
  queue?: string;
  watch?: boolean;
  json?: boolean;
}

/** `polytask status DIR|--queue URL` shows the progress of a study: trials done, running and failed, with the reason; trials per hour, and the time left. */
export const command = ({ stdout, interrupts }: Invocation): Command =>
  new Command('status')
    .argument('[dir]', 'the --out directory of a study')
    .addOption(queueOption('its studies, in place of a directory'))
    .option('--watch', 'a live view, until Ctrl-C')
    .addOption(jsonOption('{ studies, workers, waiting, running, failed }'))
    .action(async (directory: string | undefined, { queue, watch: isLive, json }: Options, command: Command) => {
      const { read, close } = await sourceOf(directory, queue, command);
      const { renderStatus } = await import('../status/render-status.ts');
      const show = async (before = '') => {
        const status = await read();
        stdout.write(before + (json ? `${JSON.stringify(status, null, isLive ? 0 : 2)}\n` : renderStatus(status)));
      };
      try {
        if (!isLive) return await show();
        const watch = async (signal: AbortSignal) => {
          for (; !signal.aborted; await setTimeout(REFRESH, undefined, { signal }).catch(() => {})) {
            await show(stdout.isTTY && !json ? FIRST_LINE : '');
          }
        };
        await interruptible(watch, interrupts);
      } finally {
        await close();
      }
    });

async function sourceOf(
  directory: string | undefined,
  queue: string | undefined,
  command: Command,
): Promise<{ read(): Promise<Status>; close(): Promise<void> }> {
  const isNamed = command.getOptionValueSource('queue') === 'cli';
  if (directory === undefined ? queue === undefined : isNamed)
    command.error(
      'error: Expected a directory or --queue URL, received ' + (directory === undefined ? 'none.' : 'both.'),
    );
  if (directory === undefined) return (await import('../queue/roster.ts')).openQueueStatus(queue!);
  const { directoryStatus } = await import('../status/status.ts');
  return { read: () => directoryStatus(directory), close: () => Promise.resolve() };
}
