import type { Server } from 'node:http';
import { type Batch, type Row, rowEncoder, type RowEncoder, type RowFault, type Tasks } from '@polytask/core';
import type { Predictor } from '@polytask/serving';
import { notFinite } from '../finite-predictions.ts';
import { Batcher } from './batcher.ts';
import { BadRows, HttpError, MAX_FAULTS } from './http-error.ts';
import { jsonServer, Text } from './json-server.ts';
import { openApi } from './open-api.ts';
import { predictionRows } from './prediction-rows.ts';
import type { ServiceLimits } from './serve-options.ts';

/** The server of a service. It isn't listening yet. */
export async function serviceApp(predictor: Predictor, limits: ServiceLimits): Promise<Server> {
  const { maxBodyBytes, maxRows, timeoutMs, onError } = limits;
  const { schema } = predictor;
  const tasks: Tasks = schema.tasks;
  const encode = rowEncoder(schema);
  const batcher: Batcher = new Batcher(predictor, limits, (rows) => metrics.batchRows.observe(rows));
  const metrics = await serviceMetrics(() => batcher.queueRows);
  const document = openApi(schema, maxRows);

  return jsonServer(
    {
      async 'POST /predict'(body) {
        const rows = requestRows(body, maxRows);
        const predictions = await batcher.predict(encodeRows(encode, rows));
        const reason = notFinite(predictions, rows.length, (row) => `row ${row} of the request`);
        if (reason !== undefined) throw new HttpError(500, reason);
        return { predictions: predictionRows(tasks, predictions, rows.length) };
      },
      'GET /health': () => ({ status: 'ok' }),
      'GET /ready': () => ({ status: 'ready', engine: predictor.engine }),
      'GET /openapi.json': () => document,
      'GET /metrics': async () => new Text(metrics.registry.contentType, await metrics.registry.metrics()),
    },
    {
      ...{ maxBodyBytes, timeoutMs, onError },
      onAnswer({ method, route, status, seconds }) {
        metrics.requests.inc({ method, route, status });
        metrics.seconds.observe({ route }, seconds);
      },
    },
  );
}

/**
 * The rows of a request's body: an array, or `{ "rows": [...] }`.
 *
 * @throws HttpError for another body (400), and for more than `maxRows` rows (413)
 */
function requestRows(body: unknown, maxRows: number): readonly Row[] {
  const rows = Array.isArray(body) ? (body as unknown) : rowsKey(body);
  if (!Array.isArray(rows)) {
    throw new HttpError(400, 'Expected an array of rows, or {"rows": [...]}. Send one row as [{...}].');
  }
  if (rows.length <= maxRows) return rows as readonly Row[];
  throw new HttpError(413, `Expected at most ${maxRows} rows, received ${rows.length}. Divide them among requests.`);
}

function rowsKey(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  const other = Object.keys(body).find((key) => key !== 'rows');
  if (other === undefined) return (body as { rows?: unknown }).rows;
  throw new HttpError(400, `Expected {"rows": [...]}, received the key "${other}". Send one row as [{...}].`);
}

/**
 * Encodes rows, and collects their faults.
 *
 * @throws BadRows with all faults, or the first {@link MAX_FAULTS}
 */
function encodeRows(encode: RowEncoder, rows: readonly Row[]): Batch {
  const faults: RowFault[] = [];
  const batch = encode(rows, (fault) => {
    faults.push(fault);
    if (faults.length === MAX_FAULTS) throw new BadRows(faults);
  });
  if (faults.length > 0) throw new BadRows(faults);
  return batch;
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384];

/** Makes the metrics of a service, beside those of the Node process. @param queueRows how many rows wait */
async function serviceMetrics(queueRows: () => number) {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'polytask_queue_rows',
    help: 'Rows that wait for their prediction',
    registers,
    collect() {
      this.set(queueRows());
    },
  });
  return {
    registry,
    requests: new Counter({
      name: 'polytask_requests_total',
      help: 'Answered requests',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'polytask_request_seconds',
      help: "Seconds from a request's head to the end of its answer",
      labelNames: ['route'],
      buckets: SECONDS,
      registers,
    }),
    batchRows: new Histogram({
      name: 'polytask_batch_rows',
      help: 'Rows in each run of the model',
      buckets: ROWS,
      registers,
    }),
  };
}
