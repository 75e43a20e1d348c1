import { openFolder } from '@polytask/core';
import { finiteOf, type Tracker } from './tracker.ts';

const NAME = 'runs.jsonl';

/**
 * Records runs as lines of `runs.jsonl` in a directory. Several runs and processes may write to one file. A line is written to the disk
 * as a whole, or not at all. In a page, the directory is in the browser's own storage, as for `save`.
 *
 * | line | |
 * |---|---|
 * | `{"run", "time", "parameters"}` | the start of a run |
 * | `{"run", "time", "step", "values"}` | numbers of a step |
 * | `{"run", "time", "status"}` | its end: `finished` or `failed` |
 *
 * @example await fit(model, train, { callbacks: trackEpochs(await jsonLinesTracker('runs').start({ name: 'first' })) });
 */
export function jsonLinesTracker(directory: string): Tracker {
  const folder = openFolder(directory);
  const append = (run: string, line: object) =>
    folder.write((writer) => writer.appendLine(NAME, JSON.stringify({ run, time: new Date().toISOString(), ...line })));
  return {
    async start({ name, parameters = {} }) {
      await append(name, { parameters });
      return {
        log: (step, values) => append(name, { step, values: Object.fromEntries(finiteOf(values)) }),
        end: (status) => append(name, { status }),
      };
    },
  };
}
