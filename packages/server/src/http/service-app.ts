import { rowEncoder, type Tasks } from '@polytask/core';
import type { Predictor } from '@polytask/serving';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { notFinite } from '../finite-predictions.ts';
import { Batcher } from './batcher.ts';
import { BadRows, HttpError } from './http-error.ts';
import { serviceMetrics } from './metrics.ts';
import { openApi } from './open-api.ts';
import { predictionRows } from './prediction-rows.ts';
import { encodeRows, requestRows } from './request-rows.ts';
import type { ServiceLimits } from './serve-options.ts';

/** How often the server looks for requests that come too slowly, in milliseconds. */
const CHECK_INTERVAL = 1000;

/** The routes of a service. They aren't listening yet. */
export async function serviceApp(predictor: Predictor, limits: ServiceLimits): Promise<FastifyInstance> {
  const { fastify } = await import('fastify');
  const { maxBodyBytes, maxRows, timeoutMs } = limits;
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: timeoutMs,
    forceCloseConnections: 'idle',
    http: { headersTimeout: timeoutMs, connectionsCheckingInterval: CHECK_INTERVAL },
  });
  app.removeContentTypeParser('text/plain');

  const { schema } = predictor;
  const tasks: Tasks = schema.tasks;
  const encode = rowEncoder(schema);
  const batcher: Batcher = new Batcher(predictor, limits, (rows) => metrics.batchRows.observe(rows));
  const metrics = await serviceMetrics(() => batcher.queueRows);
  const document = openApi(schema, maxRows);

  app.post('/predict', async ({ body }) => {
    const rows = requestRows(body, maxRows);
    const predictions = await batcher.predict(encodeRows(encode, rows));
    const reason = notFinite(predictions, rows.length, (row) => `row ${row} of the request`);
    if (reason !== undefined) throw new HttpError(500, reason);
    return { predictions: predictionRows(tasks, predictions, rows.length) };
  });
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/ready', () => ({ status: 'ready', engine: predictor.engine }));
  app.get('/openapi.json', () => document);
  app.get('/metrics', (_, reply) => {
    void reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });

  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const route = routeOptions.url ?? 'none';
    metrics.requests.inc({ method, route, status: statusCode });
    metrics.seconds.observe({ route }, elapsedTime / 1000);
  });
  app.setNotFoundHandler(({ method, url }) => {
    throw new HttpError(404, `There is no ${method} ${url}. GET /openapi.json lists what there is.`);
  });
  app.setErrorHandler((error: FastifyError, _, reply) => sendError(error, reply, limits));
  return app;
}

/** Answers with an error. The reason is said to the client, or is for `onError` when it isn't the client's business. */
function sendError(error: FastifyError, reply: FastifyReply, { maxBodyBytes, onError }: ServiceLimits): FastifyReply {
  const { statusCode = 500 } = error;
  if (statusCode === 503) void reply.header('retry-after', 1);
  if (error instanceof HttpError) {
    if (statusCode === 500) onError(error);
    const faults = error instanceof BadRows && { faults: error.faults };
    return reply.code(statusCode).send({ error: error.message, ...faults });
  }
  if (statusCode === 413) {
    return reply
      .code(413)
      .send({ error: `Expected a body of at most ${maxBodyBytes} bytes. Divide the rows among requests.` });
  }
  if (statusCode < 500) return reply.code(statusCode).send({ error: error.message });
  onError(error);
  return reply.code(500).send({ error: 'The prediction failed. The log of the service says why.' });
}
