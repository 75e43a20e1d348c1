import { gzipSync } from 'node:zlib';
import { openResults } from '@polytask/bench';
import { trialOf } from '@polytask/study/testing';
import type { FaultFormat } from '../format.ts';
import { filesBelow, inDirectory, textOf } from './temporary-files.ts';

const trials = [1, 2, 3].map((seed) => trialOf({ seed, metrics: { click: { auc: 0.7 + seed / 100, ne: 0.9 } } }));
const written = new Set(trials.map((trial) => textOf(trial)));

/**
 * The trials of a run. Each line has a checksum, the file has none: without its last lines, it is the file of a run that was killed. So
 * fewer trials are no fault, but a trial that was never written is one.
 */
export const results: FaultFormat = {
  name: 'results.jsonl',
  sealed: false,
  example: () =>
    inDirectory({}, async (directory) => {
      for (const trial of trials) await openResults(directory).append(trial);
      return filesBelow(directory);
    }),
  load: (files) =>
    inDirectory(files, async (directory) => {
      const read = (await openResults(directory).read()).map((trial) => textOf(trial));
      const strange = read.find((trial) => !written.has(trial));
      if (strange !== undefined) throw new Error(`A trial that was never written: ${strange}`);
      return read.join();
    }),
};

/** The same trials, compressed: gzip has a checksum of the whole text. */
export const compressedResults: FaultFormat = {
  ...results,
  name: 'results.jsonl.gz',
  sealed: true,
  example: async () => ({ 'results.jsonl.gz': gzipSync((await results.example())['results.jsonl']!) }),
};
