import { expect, test } from 'vitest';
import { htmlTable, inNotebook } from './notebook.ts';

const DISPLAY = Symbol.for('Jupyter.display');

test('an object shows itself, and is the same data as before', () => {
  const value = inNotebook({ rows: 3 }, ({ rows }) => ({ html: `<b>${rows}</b>`, text: `${rows} rows` }));
  expect((value as unknown as Record<symbol, () => unknown>)[DISPLAY]!()).toEqual({
    'text/html': '<b>3</b>',
    'text/plain': '3 rows',
  });
  expect(value).toStrictEqual({ rows: 3 });
  expect(JSON.stringify(value)).toBe('{"rows":3}');
  expect(structuredClone(value)).toStrictEqual({ rows: 3 });
});

test('names and cells of a table are escaped, and numbers are right-aligned', () => {
  const left = ' style="text-align:left"';
  expect(
    htmlTable(
      ['<script>', 'n'],
      [
        ['a & "b"', '1,204'],
        ['\u202e', ''],
      ],
    ),
  ).toBe(
    `<table><thead><tr><th${left}>&lt;script&gt;</th><th>n</th></tr></thead>` +
      `<tbody><tr><td${left}>a &amp; &quot;b&quot;</td><td>1,204</td></tr><tr><td${left}>\\u202e</td><td></td></tr></tbody></table>`,
  );
});
