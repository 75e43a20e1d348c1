import { writeSync } from 'node:fs';
import { startEngine } from '@polytask/bench';
import { fit } from '@polytask/training';
import { longTraining, rows, savedAs, smallModel } from './scenarios.ts';

/**
 * A process to be killed: `victim.fixture.ts JOB DIRECTORY`. It writes a line when it has begun to work, and ends when its work is done.
 * The job `save` never ends.
 */
const JOBS: Readonly<Record<string, (directory: string) => Promise<unknown>>> = {
  async save(directory) {
    for (let seed = 1; ; seed++) {
      await savedAs(directory, seed);
      if (seed === 1) begun();
    }
  },
  eager: (directory) => train('eager', directory),
  compiled: (directory) => train('compiled', directory),
};

const begun = () => void writeSync(1, 'begun\n');

const train = (engine: string, directory: string) =>
  fit(smallModel(7), rows, { ...longTraining(engine, directory), callbacks: { onStep: begun } });

await startEngine('cpu');
await JOBS[process.argv[2]!]!(process.argv[3]!);
