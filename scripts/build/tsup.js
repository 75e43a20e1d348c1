import { join } from 'node:path';
import { build } from 'tsup';
import { ROOT } from '../workspace.js';
import { pureOptions } from './pure-options.js';

/**
 * Builds files of a package with tsup. One process builds all packages, and tsup takes paths from the folder of its process: so they are
 * absolute here, and built files name their sources from the package's folder.
 *
 * @param {import('./entries.js').Package} package_ @param {import('./entries.js').Entries} entries @param {string} outDir
 * @param {import('tsup').Options} options
 */
export async function runTsup({ directory }, entries, outDir, options) {
  const entry = Object.entries(entries).map(([name, source]) => [name, join(directory, source)]);
  await build({
    config: false,
    silent: true,
    entry: Object.fromEntries(entry),
    outDir,
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    removeNodeProtocol: false,
    esbuildPlugins: [pureOptions],
    esbuildOptions(esbuild) {
      esbuild.absWorkingDir = directory; // the names of sources, in comments and source maps
      esbuild.mainFields = ['module', 'main']; // tsup would prefer those for browsers
      esbuild.logLevel = 'warning';
    },
    ...options,
  });
}
