import { expect, test } from 'vitest';
import { h, markupText } from './markup.ts';

test('texts and attributes are escaped, numbers are short, and what is left out leaves no trace', () => {
  const node = h('g', { class: undefined, x: 1.2345, hidden: true }, [h('path', { d: '"M0' }), false, 'a<b']);
  expect(markupText(node)).toBe('<g x="1.2" hidden><path d="&quot;M0"/>a&lt;b</g>');
  expect(markupText(h('td', null))).toBe('<td></td>');
});
