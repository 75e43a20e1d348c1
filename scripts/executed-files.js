/**
 * Prints the source files that execute a function in a command, and how many they are: the length of its path through the packages.
 *
 *     npm run executed-files -- bench examples/own-data/people.json --models adatt --seeds 1 --workers 0 --epochs 1 --allow-files-outside
 *
 * They are counted by V8's coverage in this process, from the call of `main` on. Functions that run while a command is loaded don't count
 * (decision 80).
 */
import { Session } from 'node:inspector/promises';
import { main } from '@polytask/bench/cli';

/** @typedef {import('node:inspector').Profiler.ScriptCoverage} ScriptCoverage */

const silent = { write: () => true };
const session = new Session();
session.connect();
await session.post('Profiler.enable');
const argv = process.argv.slice(2);
await main([...argv.slice(0, 1), '--help'], { stdout: silent, stderr: silent }); // loads the command
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
const code = await main(argv, { stdout: silent, stderr: process.stderr });
const { result } = await session.post('Profiler.takePreciseCoverage');
if (code !== 0) process.exit(code);

/** Without the body of the module, and `__name`, which the loader of TypeScript adds. @param {ScriptCoverage} script */
const executes = ({ functions }) =>
  functions.some(
    ({ functionName, ranges: [range] }) =>
      range !== undefined && range.startOffset > 0 && range.count > 0 && functionName !== '__name',
  );

const files = result.flatMap((script) => {
  const [, file] = /\/packages\/([^/]+\/src\/.+\.ts)/.exec(script.url) ?? [];
  return file !== undefined && executes(script) ? [file] : [];
});
const unique = [...new Set(files)].sort();
console.log(unique.join('\n'));
console.log(`${unique.length} files`);
