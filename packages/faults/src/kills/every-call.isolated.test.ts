import * as tf from '@tensorflow/tfjs';
import { mkdirSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { strideOf, some } from '../../../../cases.base.ts';
import { killAtEveryCall } from './every-call.ts';
import { type Scenario, SCENARIOS } from './scenarios.ts';

beforeAll(() => tf.setBackend('cpu'));

// odd, as each second place is one with a power cut
test.each(
  some<[string, number]>(
    [
      ['the first save of a model', strideOf(1, 3)],
      ['a save over a model', strideOf(1, 5)],
      ['a training over a trained model', strideOf(7, 13)],
      ['the checkpoints of a training', 23], // npm run faults takes every place
      ['two trials of a run', strideOf(5, 11)],
    ],
    3,
  ),
)('%s loses nothing, whenever it is killed', async (name, stride) => {
  const { kills, faults } = await killAtEveryCall(SCENARIOS[name]!, stride);
  expect(faults).toEqual([]);
  expect(kills).toBeGreaterThan(9);
});

/** Two files without a commit point: what a save was before it had one. */
const careless = (sync: boolean): Scenario => ({
  prepare: (directory) => Promise.resolve(mkdirSync(path.join(directory, 'x'))),
  async act(directory) {
    for (const name of ['a', 'b']) {
      await writeFile(path.join(directory, sync ? `${name}.new` : name), '2');
      if (sync) await rename(path.join(directory, `${name}.new`), path.join(directory, name));
    }
  },
  async state(directory) {
    const read = (name: string) => readFile(path.join(directory, name), 'utf8').catch(() => 'none');
    return `${await read('a')} ${await read('b')}`;
  },
  between: 0,
});

test.each([true, false])('finds two files that are not replaced at once (renamed: %s)', async (renamed) => {
  const { faults } = await killAtEveryCall(careless(renamed));
  expect(faults.join()).toMatch(/states that are neither the one before nor the one after$/);
});
