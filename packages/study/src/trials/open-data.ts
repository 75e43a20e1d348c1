import type { SuiteData, SuiteRow, TrialData } from '../suites/suite-row.ts';
import { withTasks } from '../suites/with-tasks.ts';
import type { DataRequest } from './trial-spec.ts';

/** Rows on request. */
export interface OpenedData {
  data(request: DataRequest): Promise<SuiteData>;
  rows(request: DataRequest, seed: number): Promise<TrialData>;
}

/**
 * Makes rows, and keeps those that were asked for last: the trials of a seed come one after the other.
 *
 * @param find the row that opens the data of a request
 * @example const data = openData(() => Promise.resolve(suite.row));
 */
export function openData(find: (request: DataRequest) => Promise<SuiteRow>): OpenedData {
  const opened = lastOf<Promise<SuiteData>>();
  const made = lastOf<TrialData>();
  const open = ({ tasks: _, ...request }: DataRequest) =>
    opened(JSON.stringify(request), async () => (await find({ ...request, tasks: undefined })).open(request));
  const data = async (request: DataRequest) => withTasks(await open(request), request.tasks);
  return {
    data,
    async rows(request, seed) {
      const all = await data(request);
      return made(JSON.stringify([request, seed]), () => all.trial(seed));
    },
  };
}

/** Keeps the value of the key that was asked for last. */
function lastOf<V>(): (key: string, make: () => V) => V {
  let last: { readonly key: string; readonly value: V } | undefined;
  return (key, make) => {
    if (last?.key !== key) last = { key, value: make() };
    return last.value;
  };
}
