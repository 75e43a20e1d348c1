import { type Examples, fail, suggestion } from '@polytask/core';
import type { SuiteData, SuiteRow, TrialData } from '../suites/suite-row.ts';
import type { DataRequest } from './trial-spec.ts';

/** Gives the data and the rows of requests. */
export interface OpenedData {
  /** The data of a request. */
  data(request: DataRequest): Promise<SuiteData>;
  /** The rows of one seed. */
  rows(request: DataRequest, seed: number): Promise<TrialData>;
}

/**
 * Opens data and caches the latest of each: trials of one seed follow each other, and share their rows.
 *
 * @param find finds the suite that opens the data of a request
 * @example const data = openData(() => Promise.resolve(suite.row));
 */
export function openData(find: (request: DataRequest) => Promise<SuiteRow>): OpenedData {
  const dataCache = lastOf<Promise<SuiteData>>();
  const rowCache = lastOf<TrialData>();
  const open = ({ tasks: _, ...request }: DataRequest) =>
    dataCache(JSON.stringify(request), async () => (await find({ ...request, tasks: undefined })).open(request));
  const data = async (request: DataRequest) => withTasks(await open(request), request.tasks);
  return {
    data,
    async rows(request, seed) {
      const all = await data(request);
      return rowCache(JSON.stringify([request, seed]), () => all.trial(seed));
    },
  };
}

/** A cache of one entry: the latest key. */
function lastOf<V>(): (key: string, make: () => V) => V {
  let last: { readonly key: string; readonly value: V } | undefined;
  return (key, make) => {
    if (last?.key !== key) last = { key, value: make() };
    return last.value;
  };
}

/**
 * The data with some of its tasks only, without the labels of the others.
 *
 * @param names the tasks to keep; undefined keeps all tasks
 * @throws PolytaskError with the nearest known task
 */
function withTasks(data: SuiteData, names: readonly string[] | undefined): SuiteData {
  if (names === undefined) return data;
  const tasks = pick(data.tasks, names);
  return {
    ...data,
    tasks,
    config: { ...data.config, tasks: names },
    notes: () =>
      (data.notes?.() ?? []).filter(
        (note) => typeof note === 'string' || note.task === undefined || names.includes(note.task),
      ),
    trial(seed) {
      const rows = data.trial(seed);
      return {
        ...rows,
        train: restrict(rows.train, names),
        validation: restrict(rows.validation, names),
        test: () => restrict(rows.test(), names),
      };
    },
  };
}

const restrict = (examples: Examples, names: readonly string[]): Examples => ({
  schema: { ...examples.schema, tasks: pick(examples.schema.tasks, names) },
  size: examples.size,
  batch(rows) {
    const batch = examples.batch(rows);
    return { ...batch, labels: pick(batch.labels, names), weights: pick(batch.weights, names) };
  },
});

function pick<V>(all: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> {
  return Object.fromEntries(
    names.map((name) => {
      if (Object.hasOwn(all, name)) return [name, all[name]!];
      return fail({ expected: 'a task of the data', received: `"${name}"`, mend: suggestion(name, Object.keys(all)) });
    }),
  );
}
