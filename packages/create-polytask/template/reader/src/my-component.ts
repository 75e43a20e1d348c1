import { readFile } from 'node:fs/promises';
import { checks } from '@polytask/core';
import { defineReader } from '@polytask/data';

const options = {
  /** How many characters each column has. */
  widths: checks.listOf(checks.wholeNumber(1), 1),
};

/**
 * Reads a text whose columns have fixed widths. The first line has their names. Blanks around a cell don't count, and an empty cell is a
 * missing value. Replace the format by yours.
 *
 * @throws PolytaskError when `widths` is no list of whole numbers above 0, or an option is unknown
 * @example await describeFile('people.fixed', { format: myComponent({ widths: [4, 10] }) })
 */
export const myComponent = defineReader(
  'my-package/my-component',
  ({ widths }) => ({
    async *rows(source, spend) {
      const text = source instanceof Blob ? await source.text() : await readFile(source, 'utf8');
      spend(text.length); // a caller may have a limit
      const [names, ...lines] = text
        .trimEnd()
        .split(/\r?\n/)
        .map((line) => cellsOf(line, widths));
      for (const cells of lines) yield Object.fromEntries(names!.map((name, i) => [name, valueOf(cells[i]!)]));
    },
  }),
  {
    endings: ['.fixed'],
    description: 'columns of fixed widths',
    package: 'my-package',
    options,
    help: { widths: 'How many characters each column has.' }, // for `polytask list readers`
    examples: [
      // what the conformance test reads, and the rows that it must find
      {
        config: { widths: [4, 8] },
        file: 'id  state\n007 Utah\n41  New York\n42\n',
        rows: [
          { id: '007', state: 'Utah' },
          { id: 41, state: 'New York' },
          { id: 42, state: null },
        ],
      },
    ],
  },
);

/** A number, a text or a missing value. An id such as 007 stays a text. */
const valueOf = (cell: string): string | number | null =>
  /^-?(0|[1-9]\d*)(\.\d+)?$/.test(cell) ? Number(cell) : cell || null;

function cellsOf(line: string, widths: readonly number[]): string[] {
  let from = 0;
  return widths.map((width) => line.slice(from, (from += width)).trim());
}
