import type { OpenedData } from '../trials/open-data.ts';
import { runCandidate, runTrial, type Environment } from '../trials/run-trial.ts';
import { sealedRows, visibleRows } from '../trials/sealed-rows.ts';
import type { Executor } from './executor.ts';

/**
 * Runs trials here, one after the other.
 *
 * @param environment what results say of this place
 * @example const executor = inProcess(openData(() => Promise.resolve(suite.row)));
 */
export const inProcess = (data: OpenedData, environment: Environment = { versions: {} }): Executor => ({
  places: 1,
  run: async (spec, hooks) => runTrial(sealedRows(await data.rows(spec.request, spec.seed)), spec, environment, hooks),
  score: async (spec, hooks) => runCandidate(visibleRows(await data.rows(spec.request, spec.seed)), spec, hooks),
  close: () => Promise.resolve(),
});
