import { mapValues } from '@polytask/components';
import { binary, regression } from '@polytask/core';
import { expect, test } from 'vitest';
import { categorical, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { describeCsv } from '../describe/describe.ts';
import { fromRows } from './from-rows.ts';

/** What Deno's kernel for Jupyter shows. */
const shown = (value: object) =>
  mapValues((value as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]!(), (text) =>
    text.replaceAll(' style="text-align:left"', ''),
  );

const tasks = { rich: binary({ from: 'income', positive: '50000+.' }) };

test('a table shows its labels first, one line a row, and nothing for a missing value', () => {
  const features = { '<script>': numeric(), tags: multiValued(), v: vector({ width: 6 }), text: categorical() };
  const table = fromRows(
    [
      {
        '<script>': 0.1 + 0.2,
        tags: ['a', '<b>'],
        v: [1, 2, 3, 4, 5, 6],
        text: 'x'.repeat(100),
        income: '50000+.',
        hours: 38,
      },
      { '<script>': null, tags: [], v: [0, 0, 0, 0, 0, 0], text: null, income: '-', hours: null },
    ],
    { features, tasks: { ...tasks, hours: regression() } },
  );
  const text = '2 rows, 4 features, 2 tasks: rich and hours.';
  const cells = (...row: string[]) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  expect(shown(table)).toEqual({
    'text/plain': text,
    'text/html':
      `<p>${text}</p><table><thead><tr><th>income</th><th>hours</th><th>&lt;script&gt;</th><th>tags</th><th>v</th><th>text</th></tr></thead>` +
      `<tbody>${cells('50000+.', '38', '0.3', '[a, &lt;b&gt;]', '[1, 2, 3, 4, 5, …]', `${'x'.repeat(59)}…`)}` +
      `${cells('-', '', '', '[]', '[0, 0, 0, 0, 0, …]', '')}</tbody></table>`,
  });
  expect(shown(table.subset([1]))['text/plain']).toMatch(/^1 row, /);
});

test('rows and columns beyond the first ones are left out, which it says; labels are not', () => {
  const names = Array.from({ length: 199 }, (_, i) => `x${i}`);
  const row = { ...Object.fromEntries(names.map((name) => [name, 1])), income: '-' };
  const features = Object.fromEntries(names.map((name) => [name, numeric()]));
  const { 'text/html': html, 'text/plain': text } = shown(fromRows(Array(30).fill(row), { features, tasks }));
  expect(text).toBe('30 rows, 199 features, 1 task: rich. Shown: the first 10 rows, 20 of 200 columns.');
  expect(html).toContain('<th>income</th><th>x0</th>');
  expect([html!.split('<th>').length, html!.split('<tr>').length]).toEqual([21, 12]);
});

test('a table without rows or tasks shows its columns', () => {
  const table = fromRows([{ age: 1 }], { features: { age: numeric() }, tasks: {} });
  const { 'text/html': html, 'text/plain': text } = shown(table.subset([]));
  expect(text).toBe('0 rows, 1 feature, no tasks.');
  expect(html).toContain('<th>age</th></tr></thead><tbody></tbody>');
});

test('a description shows what each column is used as, and why', () => {
  const rows = Array.from({ length: 100 }, (_, i) => `${i % 41},<b>${i % 3}</b>,${i % 2 ? 'yes' : 'no'},same`);
  const described = describeCsv(`age,state,income,c\n${rows.join('\n')}\n`);
  const { 'text/html': html, 'text/plain': text } = shown(described);
  expect(text).toBe('100 rows, 4 columns.');
  expect(html).toContain('<td>income</td><td>label, binary</td><td>0</td><td>2</td><td>no, yes</td>');
  expect(html!.indexOf('<td>income')).toBeLessThan(html!.indexOf('<td>age'));
  expect(html).toContain('<td>c</td><td>left out, constant</td>');
  expect(html).not.toContain('<b>');
});
