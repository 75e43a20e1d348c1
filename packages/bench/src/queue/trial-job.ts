import { contentKey, type TrialSpec } from '@polytask/study';
import type { ReferencedRequest } from './job-references.ts';

/** A trial on the queue: plain data without secrets. */
export interface TrialJob {
  /** The trial. The paths of its request are relative to the roots in `needs`. */
  readonly spec: TrialSpec;
  readonly needs: JobNeeds;
  /** An id of the run that trains the trial anew (`force`). Undefined where an earlier result counts. */
  readonly run?: string | undefined;
}

/** What a worker must have, so that the trial has the numbers that it has at the coordinator. */
export interface JobNeeds extends Omit<ReferencedRequest, 'request'> {
  /** The versions of the packages that results depend on. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The id of a job: a hash of its content. Equal jobs of two coordinators have one id, wherever their data is. */
export const jobId = ({ needs: { files, directory, ...needs }, ...job }: TrialJob): string =>
  `${job.spec.measures}-${contentKey({ ...job, needs, data: [files?.hash, directory?.hash] })}`; // BullMQ refuses ids of digits alone
