/**
 * Runs the blocks of pages in one process: `page-runner.js DIRECTORY PAGES`, PAGES being JSON, a list of modules for each page. Each page
 * has a folder of its own in DIRECTORY. Reports each block by a line of JSON on channel 3.
 */
import { cpSync, mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fillFolder } from './fill-folder.js';

const [directory = '', list = ''] = process.argv.slice(2);
const start = join(directory, 'start');
mkdirSync(start);
fillFolder(start);
process.chdir(start);
await import('./reader.ts'); // writes the model that the reader has
for (const [i, modules] of JSON.parse(list).entries()) {
  const folder = join(directory, `page-${i}`);
  cpSync(start, folder, { recursive: true });
  process.chdir(folder);
  for (const path of modules) {
    let error = '';
    try {
      await import(pathToFileURL(path).href);
    } catch (fault) {
      error = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    }
    writeSync(3, `${JSON.stringify({ path, error })}\n`);
  }
}
process.exit(); // a block may leave a service behind
