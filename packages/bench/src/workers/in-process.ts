import { runTrial } from '../trials/run-trial.ts';
import type { OpenedData } from '../trials/open-data.ts';
import type { Executor } from './executor.ts';

/** Runs trials here, one after the other. */
export const inProcess = (data: OpenedData): Executor => ({
  places: 1,
  run: async (job, hooks) => runTrial(await data.rows(job.request, job.seed), job, hooks),
  close: () => Promise.resolve(),
});
