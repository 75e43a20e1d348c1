import '@tensorflow/tfjs';
import { PolytaskError } from '@polytask/core';
import { expect, it } from 'vitest';
import { repetitions } from '../../../cases.base.ts';
import { campaign } from './campaign.ts';
import { damaged } from './damage.ts';
import { type FaultFormat, type Files, loadHere } from './format.ts';
import { formats } from './formats.ts';
import { bytesOf } from './formats/temporary-files.ts';

const textIn = (files: Files): string => new TextDecoder().decode(files['a']);

const budget = { runs: repetitions(60), milliseconds: 200 };

it.each(formats)('$name: damaged files are refused in our words', async (format) => {
  const { counts, finding } = await campaign(format, 19, budget, loadHere);
  expect(finding).toBeUndefined();
  expect(counts.refused).toBeGreaterThan(0);
});

it.each<[string, Partial<FaultFormat>, string]>([
  ['a crash', { load: async (files) => String(JSON.parse(textIn(files))) }, 'SyntaxError'],
  ['a whole file that is refused', { load: () => Promise.reject(new PolytaskError('too slow')) }, 'crash too slow'],
  ['another value under a checksum', { sealed: true, load: async (files) => textIn(files) }, 'changed'],
])('finds %s, and the smallest damage', async (_, flaws, message) => {
  const format: FaultFormat = {
    ...{ name: 'flawed', sealed: false, load: async () => '' },
    example: async () => ({ a: bytesOf('{ "b": 1 }') }),
    ...flaws,
  };
  const { finding } = await campaign(format, 1, { runs: 100, milliseconds: 1000 }, loadHere);
  expect(`${finding!.outcome.kind} ${finding!.outcome.message}`).toContain(message);
  if (finding!.damage !== 'none') expect(JSON.parse(finding!.damage)).toHaveLength(1);
});

it('damages one file and leaves the example as it was', () => {
  const files = { a: bytesOf('{ "b": 1 }'), c: bytesOf('x') };
  const change = { kind: 'token', file: 0, place: 0.9, length: 1, value: 0 } as const;
  expect(textIn(damaged(files, [change]))).toBe('{ "b": null }');
  expect(textIn(files)).toBe('{ "b": 1 }');
});
