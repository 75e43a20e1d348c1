import { fail, type Row } from '@polytask/core';
import { rowOf, textOf } from './json-lines.ts';
import type { FileSource } from '../csv/open-source.ts';

/**
 * Reads a JSON array of objects, row by row: in UTF-8, or UTF-16 with a byte order mark; plain, gzip or brotli. Numbers are read as in
 * JSON lines.
 *
 * @throws PolytaskError for another document, and with the number of the row, from 0, where it is no JSON object
 */
export async function* jsonArray(
  source: FileSource,
  spend: (bytes: number) => void,
): AsyncGenerator<Row, void, undefined> {
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
}
