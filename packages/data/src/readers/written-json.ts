import { fail, parseJson } from '@polytask/components';
import { printParseErrorCode, visit } from 'jsonc-parser';

/**
 * Parses JSON that a person writes, such as a data set file. As with {@link parseJson}, the error doesn't quote the text, but it says what
 * is wrong and where. A key that an object has twice is an error, too: JSON would drop the first value without a word.
 *
 * @param content the text, or its bytes in UTF-8. A byte order mark is skipped
 * @param what the expected document and its place, as the error names it: `JSON in people.json`
 * @throws PolytaskError for other text, for a repeated key, and as `parseJson` does
 * @example parseWrittenJson('{ "a": 1, }', 'JSON in a.json') // … received a comma after the last entry, at line 1, column 9. Remove it.
 */
export function parseWrittenJson(content: string | Uint8Array, what: string): unknown {
  const text = typeof content === 'string' ? content.replace(/^\uFEFF/, '') : new TextDecoder().decode(content);
  const refuse = (received: string, at: number, fix: string): never => {
    const lines = text.slice(0, at).split('\n');
    const place = `at line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
    return fail({ expected: what, received: `${received}, ${place}`, fix });
  };
  const open: Set<string>[] = []; // the keys of each open object, and an empty set for each open list
  const begin = (at: number): void => {
    if (open.push(new Set()) > 200) refuse('more than 200 levels of lists and objects', at, 'Use fewer.');
  };
  const end = (): void => void open.pop();
  visit(
    text,
    {
      onObjectBegin: begin,
      onObjectEnd: end,
      onArrayBegin: begin,
      onArrayEnd: end,
      onObjectProperty(key, at) {
        if (open.at(-1)!.has(key)) refuse('a key that the object already has', at, 'Remove one.');
        open.at(-1)!.add(key);
      },
      onError(code, at) {
        const before = text.slice(0, at).trimEnd();
        if (before.endsWith(',') && /[\]}]/.test(text[at] ?? ''))
          refuse('a comma after the last entry', before.length - 1, 'Remove it.');
        if (at === text.trimEnd().length) refuse('a text that ends too early', at, 'Write the rest of it.');
        const problem = printParseErrorCode(code)
          .replace(/(?<=.)[A-Z]/g, ' $&')
          .toLowerCase();
        refuse(`text that is no JSON (${problem})`, at, 'Look at its commas, quotes and brackets.');
      },
    },
    { disallowComments: true },
  );
  return parseJson(typeof content === 'string' ? text : content, what);
}
