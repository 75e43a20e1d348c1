import { PolytaskError } from './errors.ts';

/** The most levels of lists and objects in a document. Polytask's own documents have fewer than 40. */
const DEEPEST = 200;

/**
 * Parses a JSON document. The error never quotes the text, because a document may turn out to be any file of the machine. Text that is
 * nested too deep is an error, too: code that walks through the value would overflow its stack. Of a key that an object has twice, the last
 * value counts.
 *
 * @param content the text, or its bytes in UTF-8
 * @param what the expected document and its place, as the error names it: `a suite as JSON in suite.json`
 * @param fix a sentence on how to fix the error
 * @throws PolytaskError for other text, for bytes that aren't UTF-8, and for more than 200 levels of lists and objects
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
  let text = '';
  let value: unknown;
  try {
    text = typeof content === 'string' ? content : new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    refuse('bytes that are not UTF-8');
  }
  try {
    value = JSON.parse(text);
  } catch {
    refuse('other text');
  }
  if (isDeeper(value, DEEPEST)) refuse(`more than ${DEEPEST} levels of lists and objects`);
  return value;
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));
