import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { BadRows, HttpError } from './http-error.ts';

/** An answer that is no JSON. */
export class Text {
  constructor(
    readonly type: string,
    readonly text: string,
  ) {}
}

/** An answer with further headers. */
export class Headed {
  constructor(
    readonly headers: Readonly<Record<string, string>>,
    readonly value: unknown,
  ) {}
}

export interface JsonServerOptions {
  readonly maxBodyBytes: number;
  /** The most milliseconds to receive a request. */
  readonly timeoutMs: number;
  /** Called after each answer. The route is `none` for a request that has none. */
  readonly onAnswer: (answer: { method: string; route: string; status: number; seconds: number }) => void;
  /** Called with errors that no client can mend. */
  readonly onError: (error: unknown) => void;
}

/** How often the server looks for requests that come too slowly, in milliseconds. */
const CHECK_INTERVAL = 1000;
/** How long an unused connection stays open, in milliseconds: longer than load balancers use to, which may send when it ends. */
const KEEP_ALIVE = 72_000;

/**
 * A server that isn't listening yet. Errors are answered as `{ "error": … }`.
 *
 * @param routes by method and path: `POST /predict`. HEAD is answered where GET is
 */
export function jsonServer(
  routes: Readonly<Record<string, (body: unknown) => unknown>>,
  options: JsonServerOptions,
): Server {
  const { maxBodyBytes, timeoutMs, onAnswer, onError } = options;
  const server = createServer({
    requestTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    connectionsCheckingInterval: CHECK_INTERVAL,
    keepAliveTimeout: KEEP_ALIVE,
  });
  server.on('request', (request, response) => {
    const start = performance.now();
    const { method = '', url = '' } = request;
    const path = url.split('?')[0]!;
    const name = `${method === 'HEAD' ? 'GET' : method} ${path}`;
    const route = Object.hasOwn(routes, name) ? routes[name]! : undefined;
    response.once('close', () => {
      if (!response.headersSent) return; // the connection broke
      const seconds = (performance.now() - start) / 1000;
      onAnswer({ method, route: route ? path : 'none', status: response.statusCode, seconds });
    });
    const answer = async () => {
      if (!server.listening) throw new HttpError(503, 'The service is stopping. Send the request to another one.');
      if (!route) throw new HttpError(404, `There is no ${method} ${url}. GET /openapi.json lists what there is.`);
      send(response, 200, await route(method === 'POST' ? await readJson(request, maxBodyBytes) : undefined));
    };
    answer().catch((error: unknown) => sendError(error, request, response, onError));
  });
  server.on('clientError', refuse);
  return server;
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  const { headers, value } = answer instanceof Headed ? answer : new Headed({}, answer);
  const { type, text } =
    value instanceof Text ? value : new Text('application/json; charset=utf-8', JSON.stringify(value));
  response.writeHead(status, { ...headers, 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Answers with an error: what the client can mend is said, all else is for `onError`. */
function sendError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  onError: JsonServerOptions['onError'],
): void {
  const isOwn = !(error instanceof HttpError);
  if ((isOwn && request.complete) || (!isOwn && error.statusCode === 500)) onError(error);
  if (!request.socket.writable) return; // nobody is there any more
  if (!request.complete && hasBody(request)) response.setHeader('connection', 'close');
  if (isOwn) return send(response, 500, { error: 'The prediction failed. The log of the service says why.' });
  if (error.statusCode === 503) response.setHeader('retry-after', 1);
  const faults = error instanceof BadRows && { faults: error.faults };
  send(response, error.statusCode, { error: error.message, ...faults });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const REFUSALS: Readonly<Record<string, readonly [status: number, error: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request came too slowly.'],
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is too large.'],
};

/** Answers what isn't a whole request, and ends its connection. */
function refuse({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code !== 'ECONNRESET' && socket.writable) {
    const [status, error] = REFUSALS[code] ?? [400, 'Expected a request of HTTP/1.1.'];
    const text = JSON.stringify({ error });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${text.length}`,
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  }
  socket.destroySoon();
}

const JSON_TYPE = 'application/json';

/**
 * Reads the body of a request as JSON.
 *
 * @throws HttpError for another type of content (415), for a body that is too large (413), and for one that is no JSON (400)
 * @throws Error when the connection breaks
 */
async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const { 'content-type': type = 'none', 'content-length': length = '0' } = request.headers;
  if (type.split(';')[0]!.trim().toLowerCase() !== JSON_TYPE)
    throw new HttpError(415, `Expected a body of the content type ${JSON_TYPE}, received ${type}.`);
  if (Number(length) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await readBytes(request, maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new HttpError(400, `Expected a body of JSON in UTF-8: ${(error as Error).message}.`);
  }
}

const readBytes = (request: IncomingMessage, most: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else reject(tooLarge(most)); // what still comes is dropped, until the answer ends the connection
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The connection broke.')));
  });

const tooLarge = (most: number): HttpError =>
  new HttpError(413, `Expected a body of at most ${most} bytes. Divide the rows among requests.`);
