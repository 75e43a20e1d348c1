import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { HttpError } from './http-error.ts';
import { inTurn } from './turns.ts';
import { shown } from '@polytask/components';
import { parseExactJson } from '@polytask/data';

export const JSON_TYPE = 'application/json';

/** So many bytes of each request are not counted, so that small requests are answered while large ones fill the memory. */
const UNCOUNTED_BYTES = 2 ** 16;

/** Counts the bytes of all unanswered requests. @returns a function that begins to count those of one request */
export function bodyBytes(most: number) {
  let held = 0;
  return () => {
    let own = 0;
    let isOpen = true;
    const hold = (counted: number) => {
      held += counted - own;
      own = counted;
    };
    return {
      /** Takes the present number of bytes. @throws HttpError (503) when all requests together have too many */
      hold(bytes: number): void {
        if (isOpen) hold(Math.max(0, bytes - UNCOUNTED_BYTES));
        if (own > 0 && held > most)
          throw new HttpError(503, 'Requests under way have too many bytes. Send the request again in some seconds.');
      },
      /** Ends the count: what comes later isn't kept. */
      release(): void {
        hold(0);
        isOpen = false;
      },
    };
  };
}

type BytesCounter = ReturnType<ReturnType<typeof bodyBytes>>;

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Reads a body as JSON. @throws HttpError for another type, charset or encoding (415), and for one that is too large (413) */
export async function readJson(request: IncomingMessage, most: number, counter: BytesCounter): Promise<unknown> {
  const { 'content-type': type = 'none', 'content-length': length = '0' } = request.headers;
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (type.split(';')[0]!.trim().toLowerCase() !== JSON_TYPE)
    throw new HttpError(415, `Expected a body of the content type ${JSON_TYPE}, received ${type}.`);
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset))
    throw new HttpError(415, `Expected the charset utf-8, received ${charset}. Send the JSON in UTF-8.`);
  if (!Object.hasOwn(DECODERS, encoding)) {
    const known = Object.keys(DECODERS).join(', ');
    const message = `Expected one of the content encodings ${known}, received ${encoding}.`;
    throw new HttpError(415, message, { 'accept-encoding': known });
  }
  if (Number(length) > most) throw tooLarge(most);
  const bytes = await readBytes(request, most, counter);
  return inTurn(() => {
    const decoded = decode(encoding, bytes, most);
    counter.hold(Math.max(bytes.length, decoded.length));
    return parseJson(decoded);
  });
}

function decode(encoding: string, bytes: Buffer, most: number): Buffer {
  try {
    return DECODERS[encoding]!(bytes, { maxOutputLength: most });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most);
    throw new HttpError(400, `Expected a body in the content encoding ${encoding}: ${message}.`);
  }
}

async function readBytes(request: IncomingMessage, most: number, counter: BytesCounter): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) throw tooLarge(most);
      counter.hold(size);
      chunks.push(chunk);
    }
  } catch (error) {
    counter.release();
    request.resume(); // what still comes is dropped, until the answer ends the connection
    throw error;
  }
  return Buffer.concat(chunks);
}

const tooLarge = (most: number): HttpError =>
  new HttpError(413, `Expected a body of at most ${most} bytes. Divide the rows among requests.`);

/** The most arrays and objects inside each other. Rows with lists in `{"rows": [...]}` have four. */
const MAX_DEPTH = 32;

const [QUOTE, COLON, OPEN_ARRAY, BACKSLASH, CLOSE_ARRAY, OPEN, CLOSE] = [34, 58, 91, 92, 93, 123, 125];

/** Reads JSON more strictly than `JSON.parse`: few levels, each key once in an object, and large integers as bigints. */
export function parseJson(bytes: Buffer): unknown {
  const { depth, keys } = measure(bytes);
  if (depth > MAX_DEPTH) {
    const fix = 'Send rows as [{"age": 41}], with values that are no objects.';
    throw new HttpError(400, `Expected JSON of at most ${MAX_DEPTH} levels, received ${depth} levels. ${fix}`);
  }
  let value: unknown;
  try {
    value = parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new HttpError(400, `Expected a body of JSON in UTF-8: ${(error as Error).message}.`);
  }
  const repeated = keysOf(value) === keys ? undefined : repeatedKey(bytes);
  if (!repeated) return value;
  const { key, at } = repeated;
  const fix = 'Send the value that is meant, and leave out the other one.';
  throw new HttpError(400, `Expected a key once in an object, received ${shown(key)} again at byte ${at}. ${fix}`);
}

/** The levels and the keys of JSON. Outside of texts, JSON has a colon after each key and nowhere else. */
function measure(bytes: Buffer): { depth: number; keys: number } {
  let [level, depth, keys] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (byte === COLON) keys++;
    else if (byte === OPEN || byte === OPEN_ARRAY) depth = Math.max(depth, ++level);
    else if (byte === CLOSE || byte === CLOSE_ARRAY) level--;
  }
  return { depth, keys };
}

function endOfText(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const each of value) count += keysOf(each);
  else for (const key in value) count += 1 + keysOf((value as Record<string, unknown>)[key]);
  return count;
}

/** The first key that an object has twice, and its place. */
function repeatedKey(bytes: Buffer): { key: string; at: number } | undefined {
  const objects: Set<string>[] = [];
  let [start, end] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) [start, end] = [at, (at = endOfText(bytes, at))];
    else if (byte === OPEN) objects.push(new Set());
    else if (byte === CLOSE) objects.pop();
    else if (byte === COLON) {
      const key = JSON.parse(bytes.toString('utf8', start, end + 1)) as string;
      if (objects.at(-1)!.has(key)) return { key, at: start };
      objects.at(-1)!.add(key);
    }
  }
  return undefined;
}
