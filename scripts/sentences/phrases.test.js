import { expect, test } from 'vitest';
import { PHRASES, phrasesIn } from './phrases.js';

/** The phrases of a text, by line. @param {string} text */
const found = (text) =>
  phrasesIn([{ file: 'a.md', text }]).flatMap((phrase) => phrase.found.map(({ line, text: at }) => `${line} ${at}`));

test('finds phrases in prose, with their lines', () => {
  expect(found('It goes on.\n\n| Beside it | what it takes |')).toEqual(['3 what it', '3 Beside', '1 goes on']);
  expect(found('Rows of its own,\nand numbers alone, by rows.')).toEqual([
    '1 of its own',
    '2 alone',
    '2 by rows',
    '2 numbers',
  ]);
});

test('finds none in code, in addresses, in comments, and in questions', () => {
  expect(found('`alone` [a](b.md#what-is-where)\n\n```sh\nalone\n```\n<!-- alone -->\nSo what is it?')).toEqual([]);
});

test('each phrase has another name and a plain form', () => {
  expect(new Set(PHRASES.map(({ name }) => name)).size).toBe(PHRASES.length);
  for (const { instead } of PHRASES) expect(instead).not.toBe('');
});
