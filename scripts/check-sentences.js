/**
 * Reports long sentences and pages, and phrases that read like a translation, in guides, READMEs, decisions and public docstrings. There
 * are no limits to meet: read the sentence aloud, and write what you would say to a colleague.
 *
 *     npm run check-sentences
 *     npm run check-sentences -- --list docs/core.md   # the phrases of pages, with their lines
 */
import { filesLike, readGuides } from './docs-pages.js';
import { docstringsOf } from './sentences/docstrings.js';
import { paragraphsOf } from './sentences/paragraphs.js';
import { phrasesIn } from './sentences/phrases.js';
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
  .map(({ file, text }) => ({
    file,
    words: text
      .replace(/<!--.*?-->/gs, '')
      .trim()
      .split(/\s+/).length,
  }))
  .filter(({ words }) => words > PAGE_WORDS);

for (const { file, line, words, text } of longSentences) console.log(`${file}:${line} ${words} words: ${text}`);
for (const { file, words } of longPages) console.log(`${file}:1 ${words} words.`);
console.log(
  `${longSentences.length} of ${sentences.length} sentences have more than ${SENTENCE_WORDS} words, ` +
    `${longPages.length} of ${pages.length} pages more than ${PAGE_WORDS}.`,
);

const listed = process.argv.includes('--list') ? process.argv.slice(process.argv.indexOf('--list') + 1) : [];
const phrases = phrasesIn(pages);
for (const { name, instead, found } of phrases) {
  const own = found.filter(({ file }) => listed.some((prefix) => file.startsWith(prefix)));
  for (const { file, line, text } of own) console.log(`${file}:${line} ${text}: write ${instead}`);
  console.log(`${found.length} times ${name}.`);
}
