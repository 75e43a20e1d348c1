import { contentKey, type TrialSpec } from '@polytask/study';
import { trialSchema } from '@polytask/study/internal';
import { z } from 'zod';
import { valueOf } from '../text-files.ts';
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

const text = z.string();
const manifest = z.object({
  hash: text,
  root: text,
  files: z.array(z.object({ path: text, bytes: z.int().min(0), sha256: text.regex(/^[0-9a-f]{64}$/) })),
});
const jobSchema = z.object({
  spec: trialSchema.pick({ suite: true, model: true, seed: true, fold: true, engine: true, config: true }).extend({
    ...{ key: text, setting: text, parts: trialSchema.shape.parts },
    measures: z.enum(['validation', 'test']),
    mode: z.enum(['compiled', 'compiled-wasm', 'eager']),
    ...{ keepPredictions: z.boolean().optional(), diagnosed: z.boolean().optional() },
    request: z.object({
      ...{ suite: text, files: z.array(text), directory: z.literal('.').optional() },
      ...{ limitRows: z.int().optional(), data: z.record(text, z.unknown()), tasks: z.array(text).optional() },
      folds: z.int().optional(),
    }),
  }),
  needs: z.object({
    versions: z.record(text, text),
    modules: z.array(z.object({ name: text, sha256: text })),
    ...{ files: manifest.optional(), directory: manifest.optional() },
  }),
  run: text.optional(),
});

/** A job as it came out of Redis. @throws PolytaskError when it is none: anybody who can write to Redis may have put it there */
export function readJob(data: unknown): TrialJob {
  valueOf(jobSchema, data, 'a trial as a job of the queue', 'Look who writes to this queue.');
  return data as TrialJob; // as it is: keys are hashes of all of it
}
