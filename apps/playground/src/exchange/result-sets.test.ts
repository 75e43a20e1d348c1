import { gzipSync } from 'node:zlib';
import { trialOf } from '@polytask/study/testing';
import { expect, it } from 'vitest';
import { asResults, resultSets } from './result-sets.ts';

it('sorts the trials of a file by setting, and the last of two equal ones counts', async () => {
  const trials = [trialOf({ seed: 1 }), trialOf({ seed: 2 }), { ...trialOf({ seed: 1 }), suite: 'other' }];
  const again = { ...trials[0]!, seconds: 99 };
  const sets = await resultSets(new File([asResults([...trials, again])], 'results.jsonl'));
  expect(sets.map((set) => set.trials.map(({ seed, seconds }) => [seed, seconds === 99]))).toEqual([
    [
      [1, true],
      [2, false],
    ],
    [[1, false]],
  ]);
  expect(sets[1]!.title).toContain('other');
});

it('reads a compressed file', async () => {
  const [set] = await resultSets(new File([gzipSync(asResults([trialOf()]))], 'results.jsonl.gz'));
  expect(set!.trials).toEqual([trialOf()]);
});

it('refuses a file without a trial, and leaves out a line without an end', async () => {
  const setsOf = (text: string) => resultSets(new File([text], 'r.jsonl'));
  await expect(setsOf('')).rejects.toThrow('Expected finished trials in r.jsonl, received none');
  await expect(setsOf('{"a":1}\n')).rejects.toThrow('A trial in r.jsonl:1');
  expect(await setsOf(`${asResults([trialOf({})])}{"suite": "cut`)).toHaveLength(1);
});
