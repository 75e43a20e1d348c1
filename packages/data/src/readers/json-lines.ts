import { fail, type Row } from '@polytask/core';
import { compressionOf, decodeText, decompress } from '../csv/decode.ts';
import { openSource, type FileSource } from '../csv/open-source.ts';
import { shown } from '../columns/values.ts';
import { parseExactJson } from './exact-json.ts';

/**
 * Reads JSON lines: an object a line, in UTF-8, or UTF-16 with a byte order mark; plain, gzip or brotli. Empty lines are passed over.
 * An integer that a double can't hold is a bigint, as in a row of a Parquet file.
 *
 * @throws PolytaskError with the line, where it is no JSON object
 */
export async function* jsonLines(
  source: FileSource,
  spend: (bytes: number) => void,
): AsyncGenerator<Row, void, undefined> {
  const { name, pieces } = await textOf(source, spend);
  const parsed = (text: string): Row =>
    rowOf(
      text,
      `${name}, line ${line}`,
      'Write each row as an object on a line of its own, without commas between the lines.',
    );
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
}

/** The text of a file in pieces, unpacked and decoded. */
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

/** A row from its text. @param place of the row, for messages */
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
