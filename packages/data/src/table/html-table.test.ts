import { expect, test } from 'vitest';
import { htmlTable } from './html-table.ts';

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
