import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compressedTrials, contentOf } from './published-files.js';

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
