/**
 * Checks that people can read what we write: no sentence of a guide, a README or a public docstring has more than 32 words, and no
 * page more than 2,500.
 *
 *     npm run check-sentences
 *
 * Prints each long sentence with its file, its line and its number of words. Exits with 1 if there is one.
 */
import { filesLike, readGuides } from './docs-pages.js';
import { docstringsOf } from './sentences/docstrings.js';
import { paragraphsOf } from './sentences/paragraphs.js';
import { sentencesOf } from './sentences/sentences.js';

const SENTENCE_WORDS = 32;
const PAGE_WORDS = 2500;

const DECISIONS = /^docs\/decisions\/[^/]+\.md$/;
const SOURCES = /^packages\/[^/]+\/src\/(?!.*(testing\/|\.(test|test-d|fixture|cluster)\.ts$)).*\.ts$/;

const guides = readGuides();
const pages = [...guides, ...filesLike(DECISIONS)];
const docstrings = filesLike(SOURCES).flatMap(({ file, text }) =>
  docstringsOf(text).map(({ line, markdown }) => ({ file, line, text: markdown })),
);
const sentences = [...guides.map((guide) => ({ ...guide, line: 1 })), ...docstrings].flatMap(({ file, line, text }) =>
  paragraphsOf(text)
    .flatMap(sentencesOf)
    .map((sentence) => ({ ...sentence, file, line: line + sentence.line - 1 })),
);

const longSentences = sentences.filter(({ words }) => words > SENTENCE_WORDS);
const longPages = pages
  .map(({ file, text }) => ({ file, words: text.replace(/<!--.*?-->/gs, '').trim().split(/\s+/).length }))
  .filter(({ words }) => words > PAGE_WORDS);

for (const { file, line, words, text } of longSentences) console.log(`${file}:${line} ${words} words: ${text}`);
for (const { file, words } of longPages) console.log(`${file}:1 ${words} words. Split the page.`);
console.log(
  `${longSentences.length} of ${sentences.length} sentences have more than ${SENTENCE_WORDS} words, ` +
    `${longPages.length} of ${pages.length} pages more than ${PAGE_WORDS}.`,
);
if (longSentences.length + longPages.length > 0) process.exitCode = 1;
