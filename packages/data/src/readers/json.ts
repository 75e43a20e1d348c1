import { fail, shown } from '@polytask/components';
import type { Row } from '@polytask/core';
import { compressionOf, decodeText, decompress } from '../csv/decode.ts';
import { openSource, type FileSource } from '../csv/open-source.ts';
import type { ReadRows } from './reader.ts';

/** Rows of a JSON array of objects: in UTF-8, or UTF-16 with a byte order mark; plain, gzip or brotli. */
export const jsonArray: ReadRows = async function* (source, spend) {
  const { name, pieces } = await textOf(source, spend);
  let [depth, row, rest] = [0, 0, '']; // `rest` is the begin of a row
  let [isText, isEscaped, isDone] = [false, false, false];
  const refuse = (expected: string): never =>
    fail({
      expected: `${expected} in ${name}`,
      received: 'other text',
      fix: 'Write the rows as [{ "age": 41 }, { "age": 17 }]. A data set file names the files of its rows.',
    });
  const next = (text: string): Row =>
    rowOf(text, `${name}, row ${row++}`, 'Write each row as an object, with one comma between two rows.');
  for await (const text of pieces) {
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const character = text[i]!;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (character === '\\') isEscaped = true;
        else if (character === '"') isText = false;
        continue;
      }
      if (depth === 0) {
        if (character.trim() === '') continue;
        if (character !== '[' || isDone) refuse(isDone ? 'nothing after the array' : 'a JSON array of objects');
        [depth, start] = [1, i + 1];
      } else if (character === '"') isText = true;
      else if (character === '{' || character === '[') depth++;
      else if (character === '}' || (character === ']' && depth > 1)) depth--;
      else if ((character === ',' && depth === 1) || character === ']') {
        const value = rest + text.slice(start, i);
        [rest, start] = ['', i + 1];
        if (character === ']') [depth, isDone] = [0, true];
        if (row > 0 || character === ',' || value.trim() !== '') yield next(value);
      }
    }
    if (depth > 0) rest += text.slice(start);
  }
  if (!isDone) refuse(depth > 0 ? 'the end of the array' : 'a JSON array of objects');
};

/** A text, or an integer of 16 digits or more. */
const TEXT_OR_LARGE = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/**
 * Reads JSON as `JSON.parse` does, but for integers whose digits a double doesn't keep: these are bigints. So an id of 64 bits stays
 * itself.
 *
 * @throws SyntaxError for a text that is no JSON
 * @example parseExactJson('{"user": 1234567890123456789, "age": 41}') // { user: 1234567890123456789n, age: 41 }
 */
export function parseExactJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  let hasLarge = false;
  const marked = text.replace(TEXT_OR_LARGE, (found) => {
    if (found.startsWith('"') || String(Number(found)) === found) return found;
    hasLarge = true;
    return `{"":"${found}"}`;
  });
  return hasLarge ? JSON.parse(marked, (_, value: unknown) => large(value)) : JSON.parse(text);
}

/** The integer of an object that stands for one, and else the value itself. */
function large(value: unknown): unknown {
  const digits = typeof value === 'object' && value !== null ? (value as { readonly ''?: unknown })[''] : undefined;
  return typeof digits === 'string' && /^-?\d{16,}$/.test(digits) ? BigInt(digits) : value;
}

/** Rows of JSON lines, encoded as {@link jsonArray}. Empty lines are skipped, and integers that a double can't hold are bigints. */
export const jsonLines: ReadRows = async function* (source, spend) {
  const { name, pieces } = await textOf(source, spend);
  const fix = 'Write each row as an object on a line of its own, without commas between the lines.';
  const parsed = (text: string): Row => rowOf(text, `${name}, line ${line}`, fix);
  let [rest, line] = ['', 0];
  for await (const text of pieces) {
    const [first = '', ...others] = text.split('\n');
    rest += first;
    for (const next of others) {
      line++;
      if (rest.trim() !== '') yield parsed(rest);
      rest = next;
    }
  }
  line++;
  if (rest.trim() !== '') yield parsed(rest);
};

export async function textOf(source: FileSource, spend: (bytes: number) => void) {
  const { name, unpacked, bytes } = await openSource(source);
  const packed = decompress(bytes, unpacked ? 'none' : compressionOf(name), name);
  async function* pieces(): AsyncGenerator<string, void, undefined> {
    for await (const text of decodeText(packed, undefined, name)) {
      spend(text.length);
      yield text;
    }
  }
  return { name, pieces: pieces() };
}

export function rowOf(text: string, place: string, fix: string): Row {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  return fail({
    expected: `a JSON object in ${place}`,
    received: shown(value === undefined ? text.trim() : value),
    fix,
  });
}
