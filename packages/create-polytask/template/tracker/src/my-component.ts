import { appendFile, mkdir } from 'node:fs/promises';
import { checks } from '@polytask/core';
import { defineTracker } from '@polytask/training';

const options = {
  /** The folder of the files. */
  directory: checks.text,
};

/**
 * Writes a CSV file for each run, with a line for each number: `step,name,value`. Its first line has the parameters of the run. Replace the
 * writes by yours.
 *
 * @throws PolytaskError when `directory` is empty, or an option is unknown
 * @example openTracker(myComponent({ directory: 'runs' }))
 */
export const myComponent = defineTracker(
  'my-package/my-component',
  ({ directory }) => ({
    async start({ name, parameters = {} }) {
      const file = `${directory}/${name.replaceAll(/[^\w.-]+/g, '-')}.csv`;
      await mkdir(directory, { recursive: true });
      await appendFile(file, `# ${JSON.stringify(parameters)}\nstep,name,value\n`);
      return {
        log(step, values) {
          const numbers = Object.entries(values).filter(([, value]) => Number.isFinite(value));
          return appendFile(file, numbers.map(([key, value]) => `${step},${key},${value}\n`).join(''));
        },
        end: (status) => appendFile(file, `# ${status}\n`),
      };
    },
  }),
  {
    description: 'a CSV file for each run',
    package: 'my-package',
    options,
    help: { directory: 'The folder of the files.' }, // for `polytask list trackers`
    examples: [{ config: { directory: '{directory}/runs' } }], // the conformance test makes a directory
  },
);
