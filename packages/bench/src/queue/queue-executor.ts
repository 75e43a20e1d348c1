import { randomUUID } from 'node:crypto';
import { memoized, PolytaskError, readDocument } from '@polytask/components';
import {
  type DataRequest,
  type Executor,
  resultDocument,
  type TrialHooks,
  type TrialPredictions,
  type TrialSpec,
  WorkerLost,
} from '@polytask/study';
import { dataSource } from './data-transfer.ts';
import { referenceOf } from './job-references.ts';
import { identityOf } from '../modules/imported-modules.ts';
import { type CoordinatorFacts, join, present } from './roster.ts';
import { jobId, type TrialJob, sharedVersions } from './trial-job.ts';
import { trialRecords } from './trial-records.ts';
import type { WorkerSetup } from '../workers/process-pool.ts';

/** How many trials of a coordinator are in the queue at the same time. It bounds the memory of Redis. */
const PLACES = 500;
/** How often the coordinator looks at its jobs, in milliseconds: events may get lost when Redis is started again. */
const LOOK = 3000;
/** How many finished jobs a dashboard can show. Results have keys of their own. */
const KEPT_JOBS = 1000;

export interface QueueOptions extends Omit<WorkerSetup, 'modules'> {
  /** Whether to train anew what workers have trained for earlier runs. */
  readonly force?: boolean | undefined;
  readonly facts: () => CoordinatorFacts;
  readonly onNote?: ((message: string) => void) | undefined;
}

interface Waiting {
  readonly job: TrialJob;
  readonly hooks: TrialHooks;
  readonly result: Promise<object>;
  /** Whether the job is in the queue. Until then, its failure is that of an earlier attempt. */
  added: boolean;
  resolve(result: object): void;
  reject(error: unknown): void;
}

/** Runs trials on the workers of a queue. Equal trials are one job, the first result counts, and a later coordinator finds it. */
export async function queueExecutor(url: string, options: QueueOptions): Promise<Executor> {
  const { engine, access, force = false, facts, onNote } = options;
  const versions = sharedVersions(engine);
  const plugins = await Promise.all(options.plugins.map(identityOf));
  const run = force ? randomUUID() : undefined;
  const { connection, leave } = await join(url, 'coordinators', facts);
  const { redis, queue } = connection;
  const records = trialRecords(redis);
  const source = dataSource(redis, connection.another());
  const waiting = new Map<string, Waiting>();
  const aborted = new Set<string>();
  const notes = new Set<string>();
  const noteOnce = (message: string) => {
    if (!notes.has(message)) onNote?.(message);
    notes.add(message);
  };

  const add = async (id: string, job: TrialJob) => {
    await records.clear(id);
    await queue.add(job.spec.measures, job, {
      jobId: id,
      removeOnComplete: { count: KEPT_JOBS },
      removeOnFail: { count: KEPT_JOBS },
    });
  };
  const addAgain = async (id: string, job: TrialJob) => {
    await queue.remove(id);
    await add(id, job);
  };

  const rejectFailed = async (id: string, { reject }: Waiting) => {
    const failure = await records.failure(id);
    const reason = failure?.message ?? (await queue.getJob(id))?.failedReason ?? 'The job was lost.';
    reject(failure?.lost === false ? new Error(reason) : new WorkerLost(reason, failure?.log ?? ''));
  };
  /** Ends the waiting for a job that is over. Puts a new or lost job into the queue. */
  const look = async (id: string, entry: Waiting, onFailed = () => rejectFailed(id, entry)) => {
    const state = await queue.getJobState(id); // before the result, which a completed job has committed
    const result = await records.result(id);
    if (result !== undefined) entry.resolve(result);
    else if (state === 'failed') await onFailed();
    else if (state === 'completed') await addAgain(id, entry.job);
    else if (state === 'unknown') await add(id, entry.job);
  };
  const lookAt = async (id: string) => {
    const entry = waiting.get(id);
    if (entry?.added) await look(id, entry).catch(entry.reject);
  };

  let refused: readonly string[] = [];
  const lookAtRefusals = async (workers: readonly string[]) => {
    if (waiting.size === 0) return;
    if (workers.length === 0) noteOnce('No worker is there yet. Start one: polytask worker --queue URL.');
    const delayed = (await queue.getDelayed()).filter((job) => waiting.has(job.id!));
    for (const job of delayed) {
      const id = job.id!;
      const reasons = await records.refusals(id);
      for (const [worker, reason] of Object.entries(reasons)) noteOnce(`Worker ${worker} refuses trials. ${reason}`);
      if (workers.length === 0 || !workers.every((worker) => Object.hasOwn(reasons, worker))) {
        if (refused.includes(id)) await job.promote().catch(() => {}); // by the clock of its worker, it may be due in an hour
        continue;
      }
      await queue.remove(id);
      const all = [...new Set(Object.values(reasons))].join(' ');
      waiting.get(id)?.reject(new PolytaskError(`Each worker refuses the trial. ${all}`));
    }
    refused = delayed.map((job) => job.id!);
  };

  const events = connection.events();
  events.on('completed', ({ jobId: id }) => void lookAt(id));
  events.on('failed', ({ jobId: id }) => void lookAt(id));
  events.on('progress', ({ jobId: id, data }) => {
    const { epoch } = Object(data) as { epoch?: number };
    if (epoch !== undefined) waiting.get(id)?.hooks.onEpoch?.(epoch);
  });
  const presence = setInterval(() => {
    if (redis.status !== 'ready') return;
    void Promise.all([records.await([...waiting.keys()]), source.affirm()]).catch(() => {});
  }, LOOK);
  let turn = Promise.resolve();
  const timer = setInterval(() => {
    turn = turn
      .then(async () => {
        await Promise.all([...waiting.keys()].map(lookAt)); // one after the other, 500 would take the time of as many answers
        await lookAtRefusals((await present(redis, 'workers')).map(({ name }) => name));
      })
      .catch(() => {}); // Redis is away: the next turn looks again
  }, LOOK);

  const reference = memoized((request: DataRequest) => referenceOf(request, access));
  const jobOf = async (spec: TrialSpec): Promise<TrialJob> => {
    const { request, modules, files, directory } = await reference(spec.request);
    for (const manifest of [files, directory]) if (manifest) await source.offer(manifest);
    return {
      spec: { ...spec, request },
      needs: { versions, modules: [...plugins, ...modules], files, directory },
      run,
    };
  };

  const resultOf = async (spec: TrialSpec, hooks: TrialHooks): Promise<object> => {
    hooks.signal?.throwIfAborted();
    const job = await jobOf(spec);
    const id = jobId(job);
    const before = waiting.get(id);
    if (before) return before.result;
    let settle!: Pick<Waiting, 'resolve' | 'reject'>;
    const result = new Promise<object>((resolve, reject) => (settle = { resolve, reject }));
    result.catch(() => {}); // whoever waits for the value gets the error
    const entry: Waiting = { job, hooks, result, ...settle, added: false };
    waiting.set(id, entry);
    const abort = () => {
      aborted.add(id);
      entry.reject(hooks.signal!.reason);
    };
    hooks.signal?.addEventListener('abort', abort, { once: true });
    try {
      await records.await([id]);
      await look(id, entry, () => addAgain(id, job)); // it failed in an earlier attempt
      entry.added = true;
      return await result;
    } finally {
      waiting.delete(id);
      hooks.signal?.removeEventListener('abort', abort);
    }
  };

  return {
    places: PLACES,
    async run(spec, hooks) {
      const { predictions, ...result } = (await resultOf(spec, hooks)) as { readonly predictions?: TrialPredictions };
      return {
        ...readDocument(resultDocument, result, 'The result of a trial on the queue'),
        ...(predictions && { predictions }),
      };
    },
    async close() {
      for (const each of [timer, presence]) clearInterval(each);
      await turn;
      source.close();
      for (const id of aborted) await queue.remove(id).catch(() => {}); // a worker holds the running ones
      await leave();
    },
  };
}
