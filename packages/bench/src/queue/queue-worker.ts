import { setTimeout } from 'node:timers/promises';
import type { DatasetAccess } from '@polytask/data';
import { type Executor, trialText, WorkerLost } from '@polytask/study';
import { startEngine } from '../engines.ts';
import { processPool, type TrialLimits } from '../workers/process-pool.ts';
import { resolveRequest } from './job-references.ts';
import { join } from './roster.ts';
import { readJob, checkNeeds, fileOf, ownModules } from './trial-job.ts';
import { trialRecords } from './trial-records.ts';
import { dataFinder, type WorkerFolders } from './data-transfer.ts';

/** After which time a refused trial is offered again, in milliseconds. */
const AFTER_REFUSAL = 5000;
/** How often a running trial reports its epoch at most, in milliseconds. */
const BETWEEN_EPOCHS = 1000;
/** How often a job may lose its worker before it fails. */
const STALLS = 5;

export interface QueueWorkerOptions {
  readonly processes: number;
  readonly folders: WorkerFolders;
  readonly plugins: readonly string[];
  readonly access?: DatasetAccess | undefined;
  readonly limits?: TrialLimits | undefined;
  /** After how many seconds without a word the trials of a lost worker go to others. */
  readonly patience: number;
  onNote(message: string): void;
}

/** Takes trials from a queue and runs them in a pool of processes. It refuses, with a reason, those that it would compute otherwise. */
export async function queueWorker(url: string, options: QueueWorkerOptions) {
  const { processes, plugins, access, limits, patience, onNote } = options;
  const modules = await ownModules(plugins);
  const { connection, name, leave } = await join(url, 'workers', () => ({ processes }));
  const records = trialRecords(connection.redis);
  const folderOf = dataFinder(connection.redis, options.folders);
  const pools = new Map<string, Executor>();
  const poolOf = async (engine: string) => {
    const pool = pools.get(engine);
    if (pool) return pool;
    await startEngine(engine); // fails here if it can't run on this machine
    const added =
      pools.get(engine) ?? processPool(processes, { engine, plugins, modules: [...modules.values()], access }, limits);
    pools.set(engine, added);
    return added;
  };
  const places = { folderOf, moduleOf: fileOf(modules), access };
  const prepare = async (data: unknown) => {
    const { spec, needs } = readJob(data);
    checkNeeds(needs, spec.engine, modules);
    const pool = await poolOf(spec.engine);
    const request = await resolveRequest({ request: spec.request, ...needs }, places); // may fetch gigabytes, so it is last
    return { pool, spec: { ...spec, request } };
  };

  const worker = connection.worker(
    async (job, token) => {
      const id = job.id!;
      if (!(await records.isWanted(id))) return; // another worker has committed it and lost its lock since, or its coordinators are gone
      const where = trialText({ ...Object(job.data?.spec), setting: '' });
      let prepared;
      try {
        prepared = await prepare(job.data);
      } catch (error) {
        const reason = (error as Error).message;
        onNote(`refused ${where}: ${reason}`);
        await records.refuse(id, name, reason);
        const postponed = await connection.postpone(job, token, AFTER_REFUSAL);
        await setTimeout(AFTER_REFUSAL / 5); // leaves the next trials to other workers for a while
        throw postponed;
      }
      let reported = 0;
      const onEpoch = (epoch: number) => {
        if (Date.now() - reported < BETWEEN_EPOCHS) return;
        reported = Date.now();
        void job.updateProgress({ epoch }).catch(() => {});
      };
      try {
        await records.commit(id, await prepared.pool.run(prepared.spec, { onEpoch }));
        onNote(`finished ${where}`);
      } catch (error) {
        const { message } = error as Error;
        const lost = error instanceof WorkerLost;
        await records.recordFailure(id, { message, lost, log: lost ? error.log : ((error as Error).stack ?? '') });
        onNote(`failed ${where}: ${message}`);
        throw error;
      }
    },
    {
      name,
      concurrency: processes,
      lockDuration: patience * 1000,
      stalledInterval: patience * 500,
      maxStalledCount: STALLS,
    },
  );
  return {
    name,
    async close() {
      await worker.close();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await leave();
    },
  };
}
