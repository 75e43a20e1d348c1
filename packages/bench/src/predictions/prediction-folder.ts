import path from 'node:path';
import { fail, openFolder } from '@polytask/core';
import { listFolder } from '@polytask/core/internal';
import type { PredictionStore } from '@polytask/study';
import { readPredictions, writePredictions } from './prediction-file.ts';

const ENDING = '.parquet';

/**
 * The predictions of the trials in a directory: a Parquet file for each trial in its folder `predictions/`, under the trial's key. The
 * first written file creates a missing folder. A file is written to the disk as a whole, or not at all.
 *
 * @example const predictions = await openPredictions('results').read(trialKey(trial));
 */
export function openPredictions(directory: string): PredictionStore {
  const where = path.join(directory, 'predictions');
  const folder = openFolder(where);
  return {
    async keys() {
      const names = await listFolder(where);
      return new Set(names.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length)));
    },
    async read(key) {
      const file = path.join(where, `${key}${ENDING}`);
      const bytes = await folder.read(`${key}${ENDING}`);
      if (bytes) return readPredictions(bytes, file);
      return fail({
        expected: `the predictions of a trial in ${file}`,
        received: 'no such file',
        fix: 'Run the comparison again with --keep-predictions.',
      });
    },
    write: (key, predictions) =>
      folder.write((writer) => writer.replace(`${key}${ENDING}`, writePredictions(predictions))),
  };
}
