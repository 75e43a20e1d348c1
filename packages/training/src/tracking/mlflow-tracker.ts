import {
  fail,
  optional,
  readOptions,
  record,
  string,
  text,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { finiteOf, type RunStatus, type Tracker } from './tracker.ts';

const description = {
  /** The experiment that the runs belong to. It is created where there is none. */
  experiment: optional(text, 'polytask'),
  /** Headers of each request, such as `{ authorization: 'Bearer …' }`. */
  headers: optional(record(string), {}),
};

export interface MlflowOptions extends Written<typeof description>, FromDescription {}

const STATUS: Readonly<Record<RunStatus, string>> = { finished: 'FINISHED', failed: 'FAILED' };

const MOST_PARAMETERS = 100;
const MOST_NUMBERS = 1000;

/**
 * Records runs on an MLflow tracking server, by its REST API 2.0. Works in pages, too, where the server allows their origin.
 *
 * @param url the address of the server: `http://localhost:5000`
 * @throws PolytaskError when the server can't be reached or refuses a request
 * @example
 * const run = await mlflowTracker('http://localhost:5000').start({ name: 'first' });
 * await fit(model, train, { validation, callbacks: trackEpochs(run) });
 * await run.end('finished');
 */
export function mlflowTracker(url: string, options: MlflowOptions = {}): Tracker {
  const { experiment, headers } = readOptions(options, description, 'mlflowTracker');
  const call = (path: string, body: object) => post(url, path, body, headers);
  return {
    async start({ name, parameters = {} }) {
      const experiment_id = await experimentId(call, experiment);
      const { run } = await call('runs/create', { experiment_id, run_name: name, start_time: Date.now() });
      const run_id = (run as { info: { run_id: string } }).info.run_id;
      const params = Object.entries(parameters).map(([key, value]) => ({ key: keyOf(key), value: String(value) }));
      for (const some of pieces(params, MOST_PARAMETERS)) await call('runs/log-batch', { run_id, params: some });
      return {
        async log(step, values) {
          const timestamp = Date.now();
          const metrics = finiteOf(values).map(([key, value]) => ({ key: keyOf(key), value, timestamp, step }));
          for (const some of pieces(metrics, MOST_NUMBERS)) await call('runs/log-batch', { run_id, metrics: some });
        },
        end: async (status) =>
          void (await call('runs/update', { run_id, status: STATUS[status], end_time: Date.now() })),
      };
    },
  };
}

type Call = (path: string, body: object) => Promise<Readonly<Record<string, unknown>>>;

/** The id of an experiment, which is created where there is none. Another process may create it at the same moment. */
async function experimentId(call: Call, name: string): Promise<string> {
  const search = async () => {
    const filter = `name = '${name.replaceAll("'", "\\'")}'`;
    const { experiments = [] } = await call('experiments/search', { max_results: 1, filter });
    return (experiments as { experiment_id: string }[])[0]?.experiment_id;
  };
  const found = await search();
  if (found !== undefined) return found;
  try {
    return String((await call('experiments/create', { name }))['experiment_id']);
  } catch (error) {
    const others = await search();
    if (others !== undefined) return others;
    throw error;
  }
}

async function post(url: string, path: string, body: object, own: Readonly<Record<string, string>>): ReturnType<Call> {
  const address = `${url.replace(/\/$/, '')}/api/2.0/mlflow/${path}`;
  const headers = { 'content-type': 'application/json', ...own };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) }).catch((error: Error) =>
    refused(address, (error.cause as Error | undefined)?.message ?? error.message),
  );
  const answer = await response.text();
  if (!response.ok) return refused(address, `${response.status} ${answer.slice(0, 200)}`);
  return (answer === '' ? {} : JSON.parse(answer)) as Awaited<ReturnType<Call>>;
}

const refused = (address: string, received: string): never =>
  fail({
    expected: `an MLflow tracking server to accept ${address}`,
    received,
    fix: 'Start one with "mlflow server", and look at its address and its access rights.',
  });

/** A name as MLflow allows it: letters, digits, `_`, `-`, `.`, space and `/`. */
const keyOf = (name: string): string => name.replaceAll(/[^\w\-. /]/g, '_');

function* pieces<V>(values: readonly V[], size: number): Generator<readonly V[]> {
  for (let from = 0; from < values.length; from += size) yield values.slice(from, from + size);
}
