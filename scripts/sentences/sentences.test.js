import { expect, test } from 'vitest';
import { docstringsOf } from './docstrings.js';
import { paragraphsOf } from './paragraphs.js';
import { sentencesOf } from './sentences.js';

/** @param {string} text */
const texts = (text) => sentencesOf({ line: 1, text }).map((sentence) => sentence.text);

test('a sentence ends before a capital, a number or a symbol', () => {
  expect(texts('It ends. Here (and there.) 0 is next! α too? x_t = 1. “Yes.” End')).toEqual([
    'It ends.',
    'Here (and there.)',
    '0 is next!',
    'α too?',
    'x_t = 1.',
    '“Yes.”',
    'End',
  ]);
});

test('a sentence goes on after an abbreviation, in a number, and over a line break', () => {
  const text = 'Dauphin et al. 2017, eq. 1, has\n0.5 of e.g. Code, v. two';
  expect(texts(text)).toEqual([text.replace('\n', ' ')]);
});

test('sentences know their lines, and words have letters or digits', () => {
  expect(sentencesOf({ line: 5, text: 'One × 2\nmulti-task\nwords. Then\none.\nA last.' })).toEqual([
    { line: 5, text: 'One × 2 multi-task words.', words: 4 },
    { line: 7, text: 'Then one.', words: 2 },
    { line: 9, text: 'A last.', words: 2 },
  ]);
});

test('a page is paragraphs and items of lists, without headings, code, tables and quotations', () => {
  const page = [
    '# Title',
    'A [link](https://example.org/a/b) and **bold**\ntext.',
    '```ts\ncode();\n```',
    '| a | b |\n|---|---|\n| c | d |',
    '> Quoted.',
    '- first\n- second\n\n  more of it',
  ].join('\n\n');
  expect(paragraphsOf(page)).toEqual([
    { line: 3, text: 'A link and bold\ntext.' },
    { line: 16, text: 'first' },
    { line: 17, text: 'second' },
    { line: 19, text: 'more of it' },
  ]);
});

test('a name in code font, a list of them, and a quotation are one word each', () => {
  const [paragraph] = paragraphsOf('Use `a.b`, `c`,\n`d` and `e` with "f g\nh." It ends.');
  expect(paragraph?.text).toBe('Use Code\n with Quotation.\n It ends.');
  expect(sentencesOf(paragraph ?? { line: 0, text: '' }).map(({ words }) => words)).toEqual([4, 2]);
});

test('docstrings of exports and their members are read, with the lines of their tags', () => {
  const source = `/** Hidden. */
const hidden = 1;
/**
 * Adds {@link hidden} to it.
 *
 * @param x what to add, in
 *   seconds
 * @throws Error when it can't
 * @example add(1)
 */
export function add(x: number) {
  /** Inner. */
  return x + hidden;
}
export interface Config {
  /** A width. */
  width: number;
}
`;
  expect(docstringsOf(source)).toEqual([
    { line: 4, markdown: 'Adds `link` to it.' },
    { line: 6, markdown: 'what to add, in\nseconds' },
    { line: 8, markdown: "Error when it can't" },
    { line: 16, markdown: 'A width.' },
  ]);
});
