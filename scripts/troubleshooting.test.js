import { expect, test } from 'vitest';
import { filesLike } from './docs-pages.js';

const sources = filesLike(/^packages\/[^/]+\/src\/.*(?<!\.test)\.ts$/).map(({ text }) => text);
const messages = filesLike(/^docs\/troubleshooting\.md$/).flatMap(({ text }) =>
  [...text.matchAll(/^### `(.+)`$/gm)].map(([, message = '']) => message),
);

/** The texts of a message between the values, which are "…", and between the parts that `fail` joins. @param {string} message */
const textsOf = (message) =>
  message
    .replace(/^Expected /, '')
    .split(/…|, received | for /)
    .map((text) => text.trim())
    .filter((text) => text.length > 2);

test.each(messages)('a source has the message %s', (message) => {
  const texts = textsOf(message);
  expect(texts).not.toEqual([]);
  expect(sources.some((source) => texts.every((text) => source.includes(text)))).toBe(true);
});

test('the page has the messages of a beginner', () => {
  expect(messages.length).toBeGreaterThan(14);
});
