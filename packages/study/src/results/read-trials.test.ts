import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { readTrials } from './read-trials.ts';

const textOf = (...seeds: number[]) => seeds.map((seed) => `${JSON.stringify(trialOf({ seed }))}\n`).join('');
const bytesOf = (text: string) => new TextEncoder().encode(text);

test('compressed trials are those of the plain file, in one part or several', async () => {
  const plain = await readTrials(bytesOf(textOf(1, 2)), 'results.jsonl');
  expect(plain).toEqual([trialOf({ seed: 1 }), trialOf({ seed: 2 })]);
  expect(await readTrials(gzipSync(textOf(1, 2)), 'results.jsonl.gz')).toEqual(plain);
  const parts = Buffer.concat([gzipSync(textOf(1)), gzipSync(textOf(2))]);
  expect(await readTrials(parts, 'results.jsonl.gz')).toEqual(plain);
});

test('of two lines of a trial the last one counts, and a line without an end does not', async () => {
  const again = JSON.stringify(trialOf({ seed: 1, seconds: 99 }));
  const read = await readTrials(bytesOf(`${textOf(1, 2)}${again}\n${textOf(3).slice(0, 50)}`), 'results.jsonl');
  expect(read.map(({ seed, seconds }) => [seed, seconds === 99])).toEqual([
    [1, true],
    [2, false],
  ]);
});

test.each([
  ['cut off', (whole: Uint8Array) => whole.subarray(0, -9)],
  ['empty', () => new Uint8Array()],
  ['not compressed', () => bytesOf(textOf(1))],
  ['changed in its text', (whole: Uint8Array) => whole.map((byte, i) => (i === 200 ? byte ^ 1 : byte))],
  [
    'changed in its checksum',
    (whole: Uint8Array) => whole.map((byte, i) => (i === whole.length - 6 ? byte ^ 1 : byte)),
  ],
  ['with something behind it', (whole: Uint8Array) => Buffer.concat([whole, bytesOf(textOf(2))])],
])('a compressed file that is %s is refused, and the message says what to do', async (_, damage) => {
  await expect(readTrials(damage(gzipSync(textOf(1))), 'results.jsonl.gz')).rejects.toThrow(
    /a whole gzip file in results.jsonl.gz, received damaged .* Copy or download it again/,
  );
});

test('a line of a compressed file that is no trial is named', async () => {
  await expect(readTrials(gzipSync(`${textOf(1)}{"suite": "toy"}\n`), 'r.jsonl.gz')).rejects.toThrow('r.jsonl.gz:2');
});
