import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildBundled } from './bundled.js';
import { entriesOf } from './entries.js';

/** @typedef {import('./entries.js').Package} Package */

/** Builds the JavaScript of a package into `dist`, with source maps. Only its own files are bundled, but for a few. @param {Package} package_ */
export async function buildJavascript(package_) {
  const { directory } = package_;
  const { named, further, bundled } = entriesOf(package_);
  removeBuilt(join(directory, 'dist'), /\.js(\.map)?$/);
  await build({
    absWorkingDir: directory,
    entryPoints: { ...named, ...further },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    packages: 'external',
    external: ['#*'],
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    sourcemap: true,
    logLevel: 'warning',
  });
  for (const [name, source] of Object.entries(bundled))
    await buildBundled(package_, source, join(directory, 'dist', `${name}.js`));
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
