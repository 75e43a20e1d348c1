import { trialOf } from '@polytask/study/testing';
import { expect, it } from 'vitest';
import { asResults, resultSets } from './result-sets.ts';

it('sorts the trials of a file by setting, and the last of two equal ones counts', async () => {
  const trials = [trialOf({ seed: 1 }), trialOf({ seed: 2 }), { ...trialOf({ seed: 1 }), suite: 'other' }];
  const again = { ...trials[0]!, seconds: 99 };
  const sets = await resultSets(asResults([...trials, again]), 'results.jsonl');
  expect(sets.map((set) => set.trials.map(({ seed, seconds }) => [seed, seconds === 99]))).toEqual([
    [
      [1, true],
      [2, false],
    ],
    [[1, false]],
  ]);
  expect(sets[1]!.title).toContain('other');
});

it('refuses a file without a trial, and leaves out a line without an end', async () => {
  await expect(resultSets('', 'r.jsonl')).rejects.toThrow('Expected finished trials in r.jsonl, received none');
  await expect(resultSets('{"a":1}\n', 'r.jsonl')).rejects.toThrow('Expected a trial in r.jsonl:1');
  expect(await resultSets(`${asResults([trialOf({})])}{"suite": "cut`, 'r.jsonl')).toHaveLength(1);
});
