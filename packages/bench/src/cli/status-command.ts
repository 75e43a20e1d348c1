import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import { directoryStatus } from '../status/directory-status.ts';
import { openQueueStatus } from '../queue/queue-status.ts';
import { renderStatus } from '../status/render-status.ts';
import type { Status } from '../status/status.ts';
import { untilStopped } from './interruption.ts';
import { FIRST_LINE, type Io } from './io.ts';
import { jsonOption, queueOption } from './shared-options.ts';

/** How often a live view changes, in milliseconds. */
const REFRESH = 2000;

interface Options {
  queue?: string;
  watch?: boolean;
  json?: boolean;
}

/** `polytask status DIR|--queue URL` shows the progress of a study: trials done, running and failed, with the reason; trials per hour, and the time left. */
export const statusCommand = ({ stdout, interrupts }: Io): Command =>
  new Command('status')
    .argument('[dir]', 'the --out directory of a study')
    .addOption(queueOption('its studies, in place of a directory'))
    .option('--watch', 'a live view, until Ctrl-C')
    .addOption(jsonOption('{ studies, workers, waiting, running, failed }'))
    .action(async (directory: string | undefined, { queue, watch: isLive, json }: Options, command: Command) => {
      const { read, close } = await sourceOf(directory, queue, command);
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
        await untilStopped(watch, () => {}, interrupts);
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
  if (directory !== undefined) return { read: () => directoryStatus(directory), close: () => Promise.resolve() };
  return openQueueStatus(queue!);
}
