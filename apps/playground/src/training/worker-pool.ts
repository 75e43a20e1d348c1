import type { BundleFiles } from '@polytask/core';
import {
  type EpochMeasures,
  type Executor,
  type Result,
  type TrialHooks,
  type TrialSpec,
  WorkerLost,
} from '@polytask/study';
import { proxy, type Remote, wrap } from 'comlink';
import type { ExampleRows } from '../trying/example-rows.ts';
import type { TrialWatcher, TrialWorker } from './trial-worker.ts';

/** A trained model as files, with test rows to try it on. */
export interface TrainedModel {
  readonly files: BundleFiles;
  /** Undefined for features that no control can show. */
  readonly examples: ExampleRows | undefined;
}

/** What a page hears of the trials in its workers. */
export interface PoolEvents {
  /** Whether the epochs of a trial are measured. */
  isMeasured(spec: TrialSpec): boolean;
  onMeasures(spec: TrialSpec, epoch: number, measures: EpochMeasures): void;
  onTrained(spec: TrialSpec, model: TrainedModel): void;
}

/** The workers of the page, as an executor of trials. */
export interface WorkerPool extends Executor, Pick<Pause, 'pause' | 'resume'> {
  /** Calls a function of one worker, which does nothing else meanwhile. */
  ask<R>(call: (worker: Remote<TrialWorker>) => Promise<R>, signal?: AbortSignal): Promise<R>;
  /** Prepares all workers, and each that takes the place of a lost one. The last preparation counts. */
  prepare<R>(call: (worker: Remote<TrialWorker>) => Promise<R>): Promise<R>;
}

/** A running worker. */
interface Place {
  readonly worker: Worker;
  readonly remote: Remote<TrialWorker>;
  /** Rejects when the worker can't go on. */
  readonly lost: Promise<never>;
}

/**
 * Runs trials in workers, each in one. An aborted trial ends its worker, and another worker takes the place. While the pool is
 * paused, trials wait at the end of their epoch.
 *
 * @param places how many workers
 * @param startWorker starts a worker with the program `trial-worker.ts`
 */
export function workerPool(places: number, startWorker: () => Worker, events: PoolEvents): WorkerPool {
  const pause = createPause();
  const free: Place[] = [];
  const waiting: ((place: Place) => void)[] = [];
  let preparation: (worker: Remote<TrialWorker>) => Promise<unknown> = () => Promise.resolve();

  const open = (): Place => {
    const worker = startWorker();
    const lost = new Promise<never>((_, reject) => {
      worker.onerror = ({ message }) => reject(new WorkerLost(`The worker of the page ended: ${message}`, ''));
    });
    lost.catch(() => {}); // whoever uses the worker hears of it
    return { worker, remote: wrap<TrialWorker>(worker), lost };
  };
  const take = (): Promise<Place> =>
    new Promise((resolve) => {
      const place = free.pop();
      if (place) resolve(place);
      else waiting.push(resolve);
    });
  const giveBack = (place: Place) => {
    const next = waiting.shift();
    if (next) next(place);
    else free.push(place);
  };
  const replace = async (place: Place) => {
    place.worker.terminate();
    const fresh = open();
    await Promise.race([preparation(fresh.remote), fresh.lost]).catch(() => {}); // the next call has the error
    giveBack(fresh);
  };

  const ask: WorkerPool['ask'] = async (call, signal) => {
    const place = await take();
    try {
      signal?.throwIfAborted();
      const result = await Promise.race([call(place.remote), place.lost, abortOf(signal)]);
      giveBack(place);
      return result;
    } catch (error) {
      if (signal?.aborted || error instanceof WorkerLost) void replace(place);
      else giveBack(place);
      throw error;
    }
  };
  const watcherOf = (spec: TrialSpec, { onEpoch }: TrialHooks): TrialWatcher =>
    proxy({
      async onEpoch(epoch: number, measures: EpochMeasures | undefined) {
        onEpoch?.(epoch);
        if (measures) events.onMeasures(spec, epoch, measures);
        await pause.passed();
      },
      onTrained: (files: BundleFiles, examples: ExampleRows | undefined) => events.onTrained(spec, { files, examples }),
    });

  for (let i = 0; i < places; i++) free.push(open());
  return {
    places,
    ask,
    async prepare(call) {
      preparation = call;
      const taken = await Promise.all(Array.from({ length: places }, take));
      try {
        const results = await Promise.all(taken.map(({ remote, lost }) => Promise.race([call(remote), lost])));
        return results[0]!;
      } finally {
        taken.forEach(giveBack);
      }
    },
    run: (spec, hooks) =>
      ask<Result>((worker) => worker.run(spec, events.isMeasured(spec), watcherOf(spec, hooks)), hooks.signal),
    pause: () => pause.pause(),
    resume: () => pause.resume(),
    close: () => Promise.resolve(), // the page keeps its workers for the next run
  };
}

/** Rejects with the reason of a signal. */
const abortOf = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/** A gate that can be closed: whoever comes by waits until it is open. */
interface Pause {
  pause(): void;
  resume(): void;
  /** Resolves at once while nothing is paused. */
  passed(): Promise<void>;
}

/** @example const pause = createPause(); pause.pause(); await pause.passed(); // waits for pause.resume() */
export function createPause(): Pause {
  let opened = Promise.resolve();
  let open = () => {};
  return {
    pause() {
      open();
      opened = new Promise((resolve) => (open = resolve));
    },
    resume: () => open(),
    passed: () => opened,
  };
}
