import { PolytaskError } from '../errors/errors.ts';

/** The most levels of lists and objects in a document. Polytask's own documents have fewer than 40. */
const DEEPEST = 200;

/**
 * Parses a JSON document. The error names the place of the fault and never quotes the text, because a document may turn out to be
 * any file of the machine. Text that is nested too deep is an error, too: code that walks through the value would overflow its stack.
 *
 * @param content the text, or its bytes in UTF-8
 * @param what the expected document and its place, as the error names it: `a suite as JSON in suite.json`
 * @param mend a sentence on how to mend the error
 * @throws PolytaskError for other text, for bytes that aren't UTF-8, and for more than 200 levels of lists and objects
 * @example parseJson('{ "seeds": 3 }', 'a suite as JSON in suite.json') // { seeds: 3 }
 */
export function parseJson(
  content: string | Uint8Array,
  what: string,
  mend = 'Look at its commas, quotes and brackets.',
): unknown {
  const refuse = (received: string): never => {
    // Without a cause: the engine's own message quotes the text.
    throw new PolytaskError(`Expected ${what}, received ${received}. ${mend}`);
  };
  const text = typeof content === 'string' ? content : (utf8(content) ?? refuse('bytes that are not UTF-8'));
  const depth = depthOf(text);
  if (depth > DEEPEST) refuse(`${depth} levels of lists and objects, where ${DEEPEST} are the most`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return refuse(`other text${placeIn(text, error as SyntaxError)}`);
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The levels of lists and objects in a JSON text. Brackets within strings don't count. */
function depthOf(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted && character === '\\') i++;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/** Where the engine's message has a position: the line and the column. */
function placeIn(text: string, { message }: SyntaxError): string {
  const position = / at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return `, at line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}
