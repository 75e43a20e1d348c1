import { runCandidate } from '../search/run-candidate.ts';
import type { OpenedData } from '../trials/open-data.ts';
import { runTrial } from '../trials/run-trial.ts';
import { sealedRows, visibleRows } from '../trials/sealed-rows.ts';
import type { Executor } from './executor.ts';

/** Runs trials here, one after the other. */
export const inProcess = (data: OpenedData): Executor => ({
  places: 1,
  run: async (job, hooks) => runTrial(sealedRows(await data.rows(job.request, job.seed)), job, hooks),
  search: async (job, hooks) => runCandidate(visibleRows(await data.rows(job.request, job.seed)), job, hooks),
  close: () => Promise.resolve(),
});
