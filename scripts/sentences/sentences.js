/**
 * A sentence with the line where it begins, and its number of words.
 * @typedef {{ line: number, text: string, words: number }} Sentence
 */

/** The space between two sentences. The second one may begin with a number or a symbol such as x_t, but not with a lowercase word. */
const BETWEEN = /(?<=[.?!][)\]”]*)\s+(?!\s|[a-z]{2})/g;

/** After these a sentence goes on. */
const ABBREVIATION = /(?:^|[\s(])(?:al|cf|e\.g|eqs?|fig|i\.e|sec|vs)\.$/i;

/**
 * The sentences of a paragraph. `Intl.Segmenter` would end one at a line break, and none before a number.
 * @param {import('./paragraphs.js').Paragraph} paragraph @returns {Sentence[]}
 * @example sentencesOf({ line: 3, text: 'One word.\nTwo.' })[1] // { line: 4, text: 'Two.', words: 1 }
 */
export function sentencesOf({ line, text }) {
  /** @type {Sentence[]} */
  const sentences = [];
  let start = 0;
  for (const { index, end } of [...spaces(text), { index: text.length, end: text.length }]) {
    const sentence = text.slice(start, index);
    if (index < text.length && ABBREVIATION.test(sentence)) continue;
    const words = wordsIn(sentence);
    if (words > 0)
      sentences.push({
        line: line + text.slice(0, start).split('\n').length - 1,
        text: sentence.trim().replace(/\s+/g, ' '),
        words,
      });
    start = end;
  }
  return sentences;
}

/** @param {string} text */
const spaces = (text) =>
  [...text.matchAll(BETWEEN)].map(({ index, 0: space }) => ({ index, end: index + space.length }));

/** A word has a letter or a digit: `multi-task` is one, `×` is none. @param {string} text */
const wordsIn = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
