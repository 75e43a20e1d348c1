import type { Server } from 'node:http';
import type { Batch, Predictions, Row, RowEncoder, RowFault, Tasks } from '@polytask/core';
import { BadRows, HttpError, MAX_FAULTS } from './http-error.ts';
import { Headed, jsonServer, Text } from './json-server.ts';
import type { ModelSlot } from './model-slot.ts';
import { predictionRows } from './prediction-rows.ts';
import type { ServedModel } from './served-model.ts';
import type { ServiceLimits } from './serve-options.ts';
import { serviceMetrics } from './service-metrics.ts';
import type { Shadow } from './shadow.ts';

/**
 * The server of a service. It isn't listening yet.
 *
 * @param shadow a second model, which predicts each request after its answer
 */
export async function serviceApp(slot: ModelSlot, limits: ServiceLimits, shadow?: Shadow): Promise<Server> {
  const { maxBodyBytes, maxRows, timeoutMs, onError } = limits;
  const metrics = await serviceMetrics(slot, shadow);
  slot.onBatch = (rows) => metrics.batchRows.observe(rows);

  return jsonServer(
    {
      'POST /predict'(body) {
        const rows = requestRows(body, maxRows);
        return slot.current.use(async (served) => {
          const batch = encodeRows(served.encode, rows);
          const predictions = await served.predict(batch);
          setImmediate(() => afterAnswer(served, rows, batch, predictions));
          const { tasks } = served.predictor.schema;
          return answerOf(served, { predictions: predictionRows(tasks as Tasks, predictions, rows.length) });
        });
      },
      'POST /labels'(body) {
        const rows = requestRows(body, maxRows);
        return slot.current.use(async (served) => {
          const labels = await served.compareLabels(rows);
          setImmediate(() => void shadow?.compareLabels(rows));
          return answerOf(served, { labels });
        });
      },
      'GET /health': () => ({ status: 'ok' }),
      'GET /ready': () => ({ status: 'ready', engine: slot.current.predictor.engine }),
      'GET /model': () => aboutModels(slot, shadow),
      'GET /openapi.json': () => slot.current.document,
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

  /** What is done with a request when its answer is on the way. */
  function afterAnswer(served: ServedModel, rows: readonly Row[], batch: Batch, predictions: Predictions): void {
    try {
      served.watch.add(rows, batch, predictions);
    } catch (error) {
      onError(error);
    }
    void shadow?.compare(served, rows, predictions);
  }
}

/** An answer that names its model. */
const answerOf = ({ id }: ServedModel, answer: object) =>
  id === undefined ? answer : new Headed({ 'polytask-model': id }, answer);

const aboutModels = (slot: ModelSlot, shadow: Shadow | undefined) => ({
  ...aboutModel(slot),
  ...(shadow && { shadow: aboutModel(shadow.slot) }),
});

const aboutModel = ({ current: { id, since, predictor } }: ModelSlot) => ({
  model: id ?? null,
  since: since.toISOString(),
  engine: predictor.engine,
  tasks: Object.keys(predictor.schema.tasks),
});

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
