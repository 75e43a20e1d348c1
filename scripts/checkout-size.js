/**
 * Checks that a clone stays light: the files that git knows, as they are in the working tree.
 *
 *     npm run checkout-size
 *
 * Prints the bytes by ending. Exits with 1 when all of them are more than the limit.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './workspace.js';

const LIMIT = 15_550_000;

/** @type {Map<string, number>} */
const sizes = new Map();
for (const file of execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0')) {
  const size = file === '' ? 0 : (statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.size ?? 0);
  const ending = path.extname(file) || 'others';
  sizes.set(ending, (sizes.get(ending) ?? 0) + size);
}
const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 6);
console.log(
  `A checkout has ${megabytes(all)}: ${largest.map(([name, size]) => `${name} ${megabytes(size)}`).join(', ')}`,
);
if (all > LIMIT) {
  console.log(
    `More than ${megabytes(LIMIT)}. Publish results with npm run publish-results, and leave out what can be made again.`,
  );
  process.exitCode = 1;
}
