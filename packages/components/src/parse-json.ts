import { PolytaskError, fail } from './errors.ts';

/**
 * Parses JSON that a person writes, such as a data set file: as {@link parseJson} does, but a fault always has its line and column.
 * Engines say it for some faults only.
 *
 * @throws PolytaskError as `parseJson` does
 * @example parseWrittenJson('{ "a": 1, }', 'JSON in a.json') // … received a comma after the last entry, at line 1, column 9. Remove it.
 */
export function parseWrittenJson(content: string | Uint8Array, what: string, fix?: string): unknown {
  const text = (typeof content === 'string' ? content : new TextDecoder().decode(content)).replace(/^\uFEFF/, '');
  try {
    JSON.parse(text);
  } catch {
    const { at, received, fix: own } = faultOf(text);
    fail({
      expected: what,
      received: `${received}${placeIn(text, at)}`,
      fix: own ?? fix ?? 'Look at its commas, quotes and brackets.',
    });
  }
  return parseJson(content, what, fix);
}

const SPACE = /[ \t\n\r]*/y;
const TOKEN =
  /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-f]{4})[ !#-[\]-\uffff]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])|(?:true|false|null)\b|[[\]{},:]/iy;

interface Fault {
  readonly at: number;
  readonly received: string;
  readonly fix?: string;
}

/** The first fault of a text that is no JSON. It doesn't quote the text, which may be any file of the machine. */
function faultOf(text: string): Fault {
  const open: string[] = [];
  let expected = 'value'; // or key, colon, end (of an entry), or value] and key}, where the bracket may close at once
  let [at, comma] = [0, -1];
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)![0].length;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? '';
    const kind = /^["[\]{},:]/.test(token) ? token[0]! : token === '' ? '' : 'scalar';
    const isClosing = kind !== '' && kind === (open.at(-1) === '{' ? '}' : ']') && open.length > 0;
    if (isClosing && (expected === 'end' || expected.endsWith(kind))) {
      open.pop();
      expected = 'end';
    } else if (expected.startsWith('value') && '[{'.includes(kind) && kind !== '') {
      open.push(kind);
      expected = kind === '{' ? 'key}' : 'value]';
    } else if (expected.startsWith('value') && (kind === '"' || kind === 'scalar')) expected = 'end';
    else if (expected.startsWith('key') && kind === '"') expected = 'colon';
    else if (expected === 'colon' && kind === ':') expected = 'value';
    else if (expected === 'end' && kind === ',' && open.length > 0) {
      comma = at;
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if (isClosing && comma >= 0 && text.slice(comma + 1, at).trim() === '')
      return { at: comma, received: 'a comma after the last entry', fix: 'Remove it.' };
    else if (at === text.length) return { at, received: 'a text that ends too early', fix: 'Write the rest of it.' };
    else return { at, received: 'other text' };
    at += token.length;
  }
}

/** The most levels of lists and objects in a document. Polytask's own documents have fewer than 40. */
const DEEPEST = 200;

/**
 * Parses a JSON document. The error names the place of the fault and never quotes the text, because a document may turn out to be
 * any file of the machine. Text that is nested too deep is an error, too: code that walks through the value would overflow its stack.
 * So is a key that an object has twice: JSON would drop the first value without a word.
 *
 * @param content the text, or its bytes in UTF-8
 * @param what the expected document and its place, as the error names it: `a suite as JSON in suite.json`
 * @param fix a sentence on how to fix the error
 * @throws PolytaskError for other text, for bytes that aren't UTF-8, for more than 200 levels of lists and objects, and for a
 * repeated key
 * @example parseJson('{ "seeds": 3 }', 'a suite as JSON in suite.json') // { seeds: 3 }
 */
export function parseJson(
  content: string | Uint8Array,
  what: string,
  fix = 'Look at its commas, quotes and brackets.',
): unknown {
  const refuse = (received: string): never => {
    // Without a cause: the engine's own message quotes the text.
    throw new PolytaskError(`Expected ${what}, received ${received}. ${fix}`);
  };
  const text = typeof content === 'string' ? content : (utf8(content) ?? refuse('bytes that are not UTF-8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const position = / at position (\d+)/.exec((error as SyntaxError).message)?.[1];
    refuse(`other text${position === undefined ? '' : placeIn(text, Number(position))}`);
  }
  const { depth, repeated } = structureOf(text);
  if (depth > DEEPEST) refuse(`${depth} levels of lists and objects, where ${DEEPEST} are the most`);
  if (repeated !== undefined) refuse(`a key for the second time in one object${placeIn(text, repeated)}`);
  return value;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The structure of a valid JSON text: its levels of lists and objects, and the position of the first repeated key. */
function structureOf(text: string): { readonly depth: number; readonly repeated: number | undefined } {
  const open: (Set<string> | undefined)[] = []; // the keys of each open object; undefined for a list
  let depth = 0;
  let repeated: number | undefined;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{' || character === '[') {
      depth = Math.max(depth, open.push(character === '{' ? new Set() : undefined));
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const [start, keys] = [i, open.at(-1)];
      i = closingQuote(text, start);
      if (!keys || !isKey(text, i)) continue;
      const key = JSON.parse(text.slice(start, i + 1)) as string;
      if (keys.has(key)) repeated ??= start;
      keys.add(key);
    }
  }
  return { depth, repeated };
}

/** The position of the quote that closes a string. A quote after an odd number of backslashes doesn't. */
function closingQuote(text: string, start: number): number {
  for (let end = start; ;) {
    end = text.indexOf('"', end + 1);
    let before = end;
    while (text[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end;
  }
}

const COLON = /\s*:/y;

/** Whether a string is the key of an entry. @param end the position of its closing quote */
function isKey(text: string, end: number): boolean {
  COLON.lastIndex = end + 1;
  return COLON.test(text);
}

function placeIn(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n');
  return `, at line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}
