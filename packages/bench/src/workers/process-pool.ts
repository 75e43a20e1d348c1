import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PolytaskError } from '@polytask/core';
import type { DatasetAccess } from '@polytask/data';
import { type Executor, type Result, WorkerLost } from '@polytask/study';
import workerpool from 'workerpool';
import type { ModuleAt } from '../modules/imported-modules.ts';

export interface WorkerSetup {
  readonly engine: string;
  readonly plugins: readonly string[];
  /** The code of plugins and suites. A process that finds other code there refuses trials. */
  readonly modules: readonly ModuleAt[];
  readonly access?: DatasetAccess | undefined;
}

/** What a trial may take. The process of one that takes more is ended, and the trial fails. */
export interface TrialLimits {
  readonly minutes?: number | undefined;
  /** Of the process's resident memory. */
  readonly bytes?: number | undefined;
}

export const SETUP_VARIABLE = 'POLYTASK_WORKER_SETUP';

/** An event of a worker that runs a trial. `pid` comes at its start, and `rss`, its resident memory in bytes, with each epoch. */
type WorkerEvent =
  | { readonly pid: number }
  | { readonly epoch: number; readonly rss: number }
  | { readonly stdout: string }
  | { readonly stderr: string };

/** How often the memory of a trial is looked at, in milliseconds. */
const LOOK = 250;

/** How many characters of a process's output an error keeps. */
const LOG_LENGTH = 16_384;

/** Runs trials in worker processes. One that crashes, or is killed because of its memory, loses only its own trial. */
export function processPool(workers: number, setup: WorkerSetup, limits: TrialLimits = {}): Executor {
  const pool = workerpool.pool(workerScript(), {
    maxWorkers: workers,
    workerType: 'process',
    emitStdStreams: true,
    forkOpts: {
      execArgv: process.execArgv.filter((flag) => !/^--(inspect|max-old-space-size)/.test(flag)), // the flags that workerpool passes on
      env: { ...process.env, [SETUP_VARIABLE]: JSON.stringify(setup) },
      serialization: 'advanced', // JSON has no NaN
    },
  });
  const run: Executor['run'] = async (spec, { onEpoch, signal }) => {
    signal?.throwIfAborted();
    let log = '';
    let excess: string | undefined;
    const watch = watchTrial(limits, (reason) => {
      excess = reason;
      void task.cancel();
    });
    const on = (event: WorkerEvent) => {
      if ('pid' in event) watch.started(event.pid);
      else if ('epoch' in event) {
        watch.holds(event.rss);
        onEpoch?.(event.epoch);
      } else log = (log + ('stderr' in event ? event.stderr : event.stdout)).slice(-LOG_LENGTH);
    };
    const task = pool.exec('run', [spec], { on });
    const stop = () => void task.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return (await task) as Result;
    } catch (error) {
      signal?.throwIfAborted();
      throw excess === undefined ? readable(error, log) : new PolytaskError(excess);
    } finally {
      watch.end();
      signal?.removeEventListener('abort', stop);
    }
  };
  return {
    places: workers,
    run,
    close: async () => void (await pool.terminate(true)),
  };
}

/** Watches the time and memory of a trial. @param onExcess called once, with the reason to end its process */
function watchTrial({ minutes, bytes = Infinity }: TrialLimits, onExcess: (reason: string) => void) {
  const ended = 'The process of the trial was ended';
  const late = () => onExcess(`${ended} after ${minutes} minutes, the limit of --trial-minutes.`);
  const clock = minutes === undefined ? undefined : setTimeout(late, Math.min(minutes * 60_000, 2 ** 31 - 1));
  let look: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(clock);
    clearInterval(look);
  };
  const gigabytes = (count: number) => `${Number((count / 1e9).toPrecision(3))} GB`;
  const holds = (held: number) => {
    if (held <= bytes) return;
    end();
    onExcess(`${ended}: it held ${gigabytes(held)} of memory. The limit of --trial-memory is ${gigabytes(bytes)}.`);
  };
  return {
    started(pid: number) {
      if (bytes !== Infinity) look = setInterval(() => void residentBytes(pid).then(holds), LOOK);
    },
    holds,
    end,
  };
}

/** The resident memory of a process; 0 where only the process itself can tell. */
const residentBytes = (pid: number): Promise<number> =>
  readFile(`/proc/${pid}/status`, 'utf8').then(
    (status) => 1024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0),
    () => 0,
  );

function readable(error: unknown, log: string): unknown {
  const { message = '' } = error as Partial<Error>;
  if (!(error instanceof workerpool.TerminateError) && !message.startsWith('Workerpool Worker')) return error;
  const of = (what: string) => new RegExp(`${what}: \`(\\w+)\``).exec(message)?.[1] ?? 'null';
  const [code, signal] = [of('exitCode'), of('signalCode')];
  const how = signal === 'null' ? `with exit code ${code}` : `by ${signal}`;
  const memory = signal === 'SIGKILL' || log.includes('out of memory');
  return new WorkerLost(
    `The process of the trial was ended ${how}${memory ? ', for want of memory it seems: take fewer --workers' : ''}.`,
    log,
  );
}

/** The program of a worker process. The build puts it beside this file's bundle. */
const workerScript = (): string =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../trial-worker.ts' : './trial-worker.js', import.meta.url));
