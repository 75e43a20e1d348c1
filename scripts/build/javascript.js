import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundled } from './bundled.js';
import { entriesOf } from './entries.js';
import { runTsup } from './tsup.js';

/** @typedef {import('./entries.js').Package} Package */

/** Builds the JavaScript of a package into `dist`, with source maps. Only its own files are bundled, but for a few. @param {Package} package_ */
export async function buildJavascript(package_) {
  const { directory } = package_;
  const { named, further, bundled } = entriesOf(package_);
  const dist = join(directory, 'dist');
  removeBuilt(dist, /\.js(\.map)?$/);
  await runTsup(package_, { ...named, ...further }, dist, { skipNodeModulesBundle: true, sourcemap: true });
  for (const [name, source] of Object.entries(bundled)) await buildBundled(package_, source, join(dist, `${name}.js`));
}

/** Removes the files of a former build, which may have had other chunks. @param {string} dist @param {RegExp} pattern */
export function removeBuilt(dist, pattern) {
  let files;
  try {
    files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  } catch {
    return; // nothing has been built
  }
  for (const file of files) if (pattern.test(file)) rmSync(join(dist, file));
}
