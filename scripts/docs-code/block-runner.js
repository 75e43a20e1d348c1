/** Imports modules one after the other, `block-runner.js MODULE…`, and reports each by a line of JSON on channel 3. */
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

await import('./reader.ts'); // writes the model that the reader has
for (const path of process.argv.slice(2)) {
  let error = '';
  try {
    await import(pathToFileURL(path).href);
  } catch (fault) {
    error = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  }
  writeSync(3, `${JSON.stringify({ path, error })}\n`);
}
process.exit(); // a block may leave a service behind
