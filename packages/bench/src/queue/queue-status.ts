import { trialText } from '@polytask/study/internal';
import type { Job } from 'bullmq';
import { connect } from './connection.ts';
import { present } from './roster.ts';
import type { TrialJob } from './trial-job.ts';
import { progressOf, type Status } from '../status/status.ts';

/** How many failed trials are shown. */
const MOST_FAILED = 20;

/** A source of the status of a queue. */
export interface QueueStatus {
  read(): Promise<Status>;
  close(): Promise<void>;
}

/**
 * Connects to a queue, to ask for its status.
 *
 * @throws PolytaskError when Redis doesn't answer
 */
export async function openQueueStatus(url: string): Promise<QueueStatus> {
  const { redis, queue, close } = await connect(url, 'reads');
  return {
    async read() {
      const [coordinators, workers, counts, active, failed] = await Promise.all([
        present(redis, 'coordinators'),
        present(redis, 'workers'),
        queue.getJobCounts('waiting', 'delayed'),
        queue.getActive(),
        queue.getFailed(0, MOST_FAILED - 1),
      ]);
      return {
        studies: coordinators.map(({ suite, engine, ...run }) => progressOf(`${suite} on ${engine}`, run)),
        workers: workers.map(({ name, processes }) => ({ name, processes })),
        waiting: (counts['waiting'] ?? 0) + (counts['delayed'] ?? 0),
        running: active.map((job) => ({
          trial: textOf(job),
          where: job.processedBy ?? '',
          epoch: (job.progress as { epoch?: number }).epoch,
        })),
        failed: failed.map((job) => ({ trial: textOf(job), why: job.failedReason })),
      };
    },
    close,
  };
}

/** A configuration of a search is no trial of the study. */
const textOf = ({ data: { spec } }: Job<TrialJob>): string =>
  spec.measures === 'validation' ? `search of ${trialText(spec)}` : trialText(spec);
