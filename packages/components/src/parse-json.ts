import { PolytaskError } from './errors.ts';

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

export function placeIn(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n');
  return `, at line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}
