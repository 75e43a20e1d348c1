import { fail } from './errors.ts';
import { parseJson, placeIn } from './parse-json.ts';

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
