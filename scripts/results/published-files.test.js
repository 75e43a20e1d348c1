import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compressedTrials, contentOf, smaller } from './published-files.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'polytask-published-'));
});
afterEach(() => rm(directory, { recursive: true }));

const linesIn = () => contentOf('results.jsonl.gz', compressedTrials(directory)).toString();

it('compresses new trials behind those that were compressed, and no line without an end', async () => {
  await writeFile(path.join(directory, 'results.jsonl'), '{"seed":2}\n{"seed"');
  expect(linesIn()).toBe('{"seed":2}\n');
  const packed = gzipSync('{"seed":1}\n');
  await writeFile(path.join(directory, 'results.jsonl.gz'), packed);
  expect(linesIn()).toBe('{"seed":1}\n{"seed":2}\n');
  await rm(path.join(directory, 'results.jsonl'));
  expect(Buffer.from(compressedTrials(directory))).toEqual(packed);
});

it('makes a picture smaller, and keeps its label, its font and its colors on dark screens', () => {
  const style = ':root{--ink:#111111}@media (prefers-color-scheme:dark){:root{--ink:#eeeeee}}';
  const text = '<text font-family="serif" fill="var(--ink, #111111)" class="mark-text">a</text>';
  const svg = smaller(
    `<svg role="img" aria-label="AUC" xmlns="http://www.w3.org/2000/svg" width="9" height="9"><style>${style}</style>` +
      `<g role="graphics-object" aria-roledescription="group">${text}<path d="M1.23456,2L3,4" stroke="#111"/></g></svg>`,
  );
  expect(svg).toMatch(/^<svg [^>]*aria-label="AUC"/);
  expect(svg).toMatch(/^<svg [^>]*role="img"/);
  expect(svg).toMatch(/^<svg [^>]*font-family="serif"/);
  expect(svg).toContain(`<style>${style}</style>`);
  expect(svg).toContain('<text fill="var(--ink, #111111)">a</text>');
  expect(svg).toContain('d="M1.23 2 3 4"');
  expect(svg).not.toContain('graphics-object');
});
