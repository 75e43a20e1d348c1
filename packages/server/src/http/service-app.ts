import { isObject, shown } from '@polytask/components';
import type { Predictions, Row, RowsExplanation, Tasks } from '@polytask/core';
import { predictionRows, predictionsOfRows } from '../row-predictions.ts';
import { HttpError } from './http-error.ts';
import { Answer, jsonServer } from './json-server.ts';
import type { ModelSlot } from './model-slot.ts';
import type { ServedModel } from './served-model.ts';
import type { ServiceLimits } from './serve-options.ts';
import { serviceMetrics } from './service-metrics.ts';
import type { Shadow } from './shadow.ts';
import type { Tokens } from './tokens.ts';
import { inSlices } from './turns.ts';

/** The server of a service, which isn't listening yet. */
export async function serviceApp(slot: ModelSlot, limits: ServiceLimits, shadow?: Shadow, tokens?: Tokens) {
  const { maxRows, onError } = limits;
  const { registry, ...metrics } = await serviceMetrics(slot, shadow);
  slot.onBatch = (rows) => metrics.batchRows.observe(rows);

  const app = jsonServer(
    {
      'POST /predict'(body) {
        const { explain = false } = (body ?? {}) as { explain?: unknown };
        if (typeof explain !== 'boolean')
          throw new HttpError(400, `Expected true or false for "explain", received ${shown(explain)}.`);
        const rows = requestRows(body, explain ? Math.min(maxRows, MOST_EXPLAINED) : maxRows, 'explain');
        const served = slot.current;
        if (explain && !served.explain) throw new HttpError(400, NO_BACKGROUND);
        return served.use(async () => {
          const read = await served.rowsOf(rows);
          const batch = await served.read(read);
          const predictions = await served.predict(batch);
          const explained = explain ? await served.explain!(batch) : undefined;
          const text = await written(served, predictions, rows.length, explained);
          setImmediate(() => {
            try {
              served.watch.add(read, batch, predictions);
            } catch (error) {
              onError(error);
            }
            void shadow?.compare(served, rows, predictions);
          });
          return answerOf(served, text);
        });
      },
      'POST /labels'(body) {
        const rows = requestRows(body, maxRows);
        const served = slot.current;
        return served.use(async () => {
          const labels = await served.compareLabels(rows);
          setImmediate(() => void shadow?.compareLabels(rows));
          return answerOf(served, JSON.stringify({ labels }));
        });
      },
      'GET /health': () => ({ status: 'ok' }),
      'GET /ready': () => ({ status: 'ready', engine: slot.current.predictor.engine }),
      'GET /model': () => ({ ...aboutModel(slot), ...(shadow && { shadow: aboutModel(shadow.slot) }) }),
      'GET /openapi.json': () => slot.current.document,
      'GET /metrics': async () => new Answer(await registry.metrics(), { 'content-type': registry.contentType }),
    },
    {
      ...limits,
      admit({ headers }, path) {
        if (!OPEN.has(path)) tokens?.check(headers.authorization);
      },
      onAnswer({ method, route, status, seconds }) {
        metrics.requests.inc({ method, route, status });
        metrics.seconds.observe({ route, status }, seconds);
      },
    },
  );
  app.on('drop', () => metrics.refused.inc());
  return app;
}

/** What tells a cluster how the service is: without a token. */
const OPEN: ReadonlySet<string> = new Set(['/health', '/ready']);

/** The most rows of a request that are explained: a row takes as long as thousands of predictions. */
const MOST_EXPLAINED = 100;
const NO_BACKGROUND =
  'Expected a service with background rows for "explain", received none. Start it with --background FILE, a file like the training rows.';

/** The answer of `/predict`, which is written in turns with those to other requests. */
async function written(
  { predictor }: ServedModel,
  predictions: Predictions,
  rows: number,
  explained: RowsExplanation | undefined,
): Promise<string> {
  const tasks = predictor.schema.tasks as Tasks;
  const pieces = await inSlices(rows, (from, to) =>
    JSON.stringify(predictionRows(tasks, predictionsOfRows(predictions, rows, from, to), to - from)).slice(1, -1),
  );
  const explanations = explained ? `,"explanations":${JSON.stringify(explained.rows)}` : '';
  return `{"predictions":[${pieces.join()}]${explanations}}`;
}

const answerOf = ({ id }: ServedModel, text: string) =>
  new Answer(text, id === undefined ? {} : { 'polytask-model': id });

const aboutModel = ({ current: { id, since, predictor } }: ModelSlot) => ({
  model: id ?? null,
  since: since.toISOString(),
  engine: predictor.engine,
  tasks: Object.keys(predictor.schema.tasks),
});

/** The rows of a body: an array, or `{ "rows": [...] }`. @param also a further key of the object */
function requestRows(body: unknown, maxRows: number, also?: string): readonly Row[] {
  const object = isObject(body) ? body : {};
  const other = Object.keys(object).find((key) => key !== 'rows' && key !== also);
  if (other !== undefined)
    throw new HttpError(400, `Expected {"rows": [...]}, received the key ${shown(other)}. Send one row as [{...}].`);
  const rows: unknown = Array.isArray(body) ? body : object['rows'];
  if (!Array.isArray(rows))
    throw new HttpError(400, 'Expected an array of rows, or {"rows": [...]}. Send one row as [{...}].');
  if (rows.length <= maxRows) return rows as readonly Row[];
  throw new HttpError(413, `Expected at most ${maxRows} rows, received ${rows.length}. Divide them among requests.`);
}
