import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { BadRows, HttpError } from './http-error.ts';
import type { ServiceLimits } from './serve-options.ts';
import { bodyBytes, JSON_TYPE, readJson } from './request-body.ts';

const CONTENT_TYPE = `${JSON_TYPE}; charset=utf-8`;

/** An answer whose text is written already, of JSON unless a header says otherwise. */
export class Answer {
  constructor(
    readonly text: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

export interface JsonServerOptions extends Pick<
  ServiceLimits,
  'maxBodyBytes' | 'maxBufferedBytes' | 'maxConnections' | 'timeoutMs'
> {
  /** Called before all else. It throws an HttpError for a request that isn't answered. */
  readonly admit: (request: IncomingMessage, path: string) => void;
  /** Called after each answer. The route is `none` for a request that has none. */
  readonly onAnswer: (answer: { method: string; route: string; status: number; seconds: number }) => void;
  readonly onError: (error: unknown, requestId: string) => void;
}

/** Answered while the server stops, too. */
const LIVENESS = '/health';
/** How often the server looks for requests that come too slowly, in milliseconds. */
const CHECK_INTERVAL = 1000;
/** How long an unused connection stays open, in milliseconds: longer than load balancers use to, which may send when it ends. */
const KEEP_ALIVE = 72_000;

/** A server that isn't listening yet. @param routes by method and path, such as `POST /predict`. HEAD is answered where GET is */
export function jsonServer(routes: Readonly<Record<string, (body: unknown) => unknown>>, options: JsonServerOptions) {
  const { maxBodyBytes, maxBufferedBytes, maxConnections, timeoutMs, admit, onAnswer, onError } = options;
  const bytesCounter = bodyBytes(maxBufferedBytes);
  const server = createServer({
    requestTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    connectionsCheckingInterval: CHECK_INTERVAL,
    keepAliveTimeout: KEEP_ALIVE,
  });
  server.maxConnections = maxConnections;
  server.on('request', (request, response) => {
    const id = requestId(request);
    response.setHeader('x-request-id', id);
    const bytes = bytesCounter();
    const start = performance.now();
    const { method = '', url = '' } = request;
    const path = url.split('?')[0]!;
    const name = `${method === 'HEAD' ? 'GET' : method} ${path}`;
    const route = Object.hasOwn(routes, name) ? routes[name]! : undefined;
    response.once('close', () => {
      bytes.release();
      if (!response.headersSent) return; // the connection broke
      const seconds = (performance.now() - start) / 1000;
      onAnswer({ method, route: route ? path : 'none', status: response.statusCode, seconds });
    });
    const answer = async () => {
      if (!server.listening && path !== LIVENESS)
        throw new HttpError(503, 'The service is stopping. Send the request to another one.');
      admit(request, path);
      if (!route) throw new HttpError(404, `There is no ${method} ${url}. GET /openapi.json lists what there is.`);
      const result = await route(method === 'POST' ? await readJson(request, maxBodyBytes, bytes) : undefined);
      response.setTimeout(timeoutMs); // a client that reads nothing is cut
      send(response, 200, result);
    };
    answer().catch((error: unknown) => sendError(error, request, response, id, onError));
  });
  server.on('clientError', refuse);
  return server;
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  const { text, headers } = answer instanceof Answer ? answer : new Answer(JSON.stringify(answer));
  const content = { 'content-type': CONTENT_TYPE, 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...content, ...headers }).end(text);
}

/** Answers with an error: what the client can fix is said, all else is for `onError`. */
function sendError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  onError: JsonServerOptions['onError'],
): void {
  const isOwn = !(error instanceof HttpError);
  if ((isOwn && request.complete) || (!isOwn && error.statusCode === 500)) onError(error, id);
  if (!request.socket.writable) return; // nobody is there any more
  if (!request.complete && hasBody(request)) response.setHeader('connection', 'close');
  const requestId = { requestId: id };
  if (isOwn)
    return send(response, 500, { error: 'The prediction failed. The log of the service says why.', ...requestId });
  if (error.statusCode === 503) response.setHeader('retry-after', 1);
  const faults = error instanceof BadRows && { faults: error.faults };
  const text = JSON.stringify({ error: error.message, ...faults, ...requestId });
  send(response, error.statusCode, new Answer(text, error.headers));
}

/** The client's own id of a request, if it is one that a log can take, or a new one. */
function requestId({ headers }: IncomingMessage): string {
  const given = String(headers['x-request-id']);
  return headers['x-request-id'] !== undefined && /^[\w.:/+=-]{1,128}$/.test(given) ? given : randomUUID();
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const REFUSALS: Readonly<Record<string, readonly [status: number, error: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request came too slowly.'],
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is too large.'],
};

function refuse({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code !== 'ECONNRESET' && socket.writable) {
    const [status, error] = REFUSALS[code] ?? [400, 'Expected a request of HTTP/1.1.'];
    const id = randomUUID();
    const text = JSON.stringify({ error, requestId: id });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      `Content-Type: ${CONTENT_TYPE}`,
      `X-Request-Id: ${id}`,
      `Content-Length: ${text.length}`,
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  }
  socket.destroySoon();
}
