/**
 * Builds the packages into their `dist`: JavaScript with source maps, and declarations.
 *
 *     node scripts/build.js [--javascript]
 *
 * With --javascript, no declarations: enough to run programs, in seconds. Those of the last build stay as they are.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildJavascript } from './build/javascript.js';
import { writeTexts } from './options/option-texts.js';
import { packages, ROOT } from './workspace.js';

const { values } = parseArgs({ options: { javascript: { type: 'boolean', default: false } } });
const all = packages();

/** Says what is being done, and how long it took. @template T @param {string} what @param {() => Promise<T>} work */
async function step(what, work) {
  const start = performance.now();
  console.log(`${what} …`);
  const result = await work();
  console.log(`  ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

await step('Texts of options', async () => writeTexts());
await step(`JavaScript of ${all.length} packages`, () => Promise.all(all.map(buildJavascript)));
await step('JSON Schemas of files', async () => writeSchemas());
if (!values.javascript) {
  const { bundleDeclarations, declarationsOf } = await import('./build/declarations.js'); // TypeScript: a second
  const declarations = await step('Types of all sources', async () => declarationsOf(all));
  await step('Declarations of each package', () =>
    Promise.all(all.map((package_) => bundleDeclarations(package_, declarations))),
  );
}

/** Writes the JSON Schemas that `describe` refers editors to. */
function writeSchemas() {
  const cwd = join(ROOT, 'packages/polytask');
  for (const name of ['dataset', 'suite'])
    writeFileSync(
      join(cwd, `dist/${name}.schema.json`),
      execFileSync(process.execPath, ['bin/polytask.js', 'schema', name], { cwd }),
    );
}
