/**
 * Writes results to `docs/results` as they are published: the trials compressed, the report with the pictures that a page shows, and the
 * plan, from which `polytask merge` writes all other files again.
 *
 *     npm run publish-results -- results/heat-map    # the --out directory of a run, to docs/results/heat-map
 *     npm run publish-results                        # all of docs/results again, from their trials
 *     npm run check-results                          # writes nothing, and exits with 1 if a file would change
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-cpu';
import { contentOf, publishedFiles } from './results/published-files.js';
import { ROOT } from './workspace.js';

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
const PUBLISHED = path.join(ROOT, 'docs', 'results');
const folders = (await readdir(PUBLISHED, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const directories = positionals.length > 0 ? positionals : folders.map(({ name }) => path.join(PUBLISHED, name)).sort();

let changes = 0;
for (const directory of directories.map((each) => path.resolve(each))) {
  const name = path.basename(directory);
  const folder = path.join(PUBLISHED, name);
  const files = await publishedFiles(directory, name);
  const there = await filesBelow(folder);
  for (const file of there.filter((each) => !files.has(each))) {
    console.log(`${name}/${file}: not published`);
    changes++;
    if (!values.check) await rm(path.join(folder, file));
  }
  for (const [file, bytes] of files) {
    const target = path.join(folder, file);
    const old = there.includes(file) ? await readFile(target) : undefined;
    if (old && contentOf(file, old).equals(contentOf(file, bytes))) continue;
    console.log(`${name}/${file}: ${old ? 'changed' : 'new'}`);
    changes++;
    if (values.check) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  console.log(`${name}: ${files.size} files, ${(size / 1e3).toFixed(0)} kB`);
}
if (values.check && changes > 0) process.exitCode = 1;

/** The files of a folder, as paths with slashes. @param {string} folder */
async function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}
