import { shown } from '@polytask/components';
import { parseExactJson } from '@polytask/data/internal';
import { HttpError } from './http-error.ts';

/** The most arrays and objects inside each other. Rows with lists in `{"rows": [...]}` have four. */
const MAX_DEPTH = 32;

const [QUOTE, COLON, OPEN_ARRAY, BACKSLASH, CLOSE_ARRAY, OPEN, CLOSE] = [34, 58, 91, 92, 93, 123, 125];

/**
 * Reads JSON more strictly than `JSON.parse`, which takes any depth, and the last value of a key that an object has twice. Integers
 * that a double can't hold keep their digits, as bigints.
 *
 * @throws HttpError (400) for bytes that are no UTF-8 or no JSON, for too many levels, and for a key that an object has twice
 */
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

/** Where the text ends that begins at a quote: the place of its last quote. */
function endOfText(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** The number of keys of all objects. */
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
