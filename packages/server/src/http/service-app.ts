import type { Server } from 'node:http';
import { rowEncoder, type Tasks } from '@polytask/core';
import type { Predictor } from '@polytask/serving';
import { notFinite } from '../finite-predictions.ts';
import { Batcher } from './batcher.ts';
import { HttpError } from './http-error.ts';
import { jsonServer, Text } from './json-server.ts';
import { serviceMetrics } from './metrics.ts';
import { openApi } from './open-api.ts';
import { predictionRows } from './prediction-rows.ts';
import { encodeRows, requestRows } from './request-rows.ts';
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
