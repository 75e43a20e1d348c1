import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Builds a file of a package together with what it imports from other packages: from those that users shouldn't install, because they
 * are large, or because Node can't import them. What the package depends on stays an import, by its whole name: of
 * `@tensorflow/tfjs-core`, which has to be one copy, only files inside are bundled. The licenses of what is bundled are beside the file.
 *
 * @param {import('./entries.js').Package} package_ @param {string} source @param {string} target the path of the built file
 */
export async function buildBundled({ directory, manifest }, source, target) {
  const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const { metafile } = await build({
    absWorkingDir: directory,
    entryPoints: [source],
    outfile: target,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    plugins: [importInstalled(installed)],
    metafile: true,
    logLevel: 'error',
  });
  const folders = new Set(Object.keys(metafile.inputs).flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
  writeFileSync(
    `${target}.LICENSES.txt`,
    [...folders]
      .sort()
      .map((folder) => licenseOf(resolve(directory, folder)))
      .join('\n\n'),
  );
}

/** @param {readonly string[]} installed @returns {import('esbuild').Plugin} */
const importInstalled = (installed) => ({
  name: 'import-installed',
  setup({ onResolve }) {
    onResolve({ filter: /^[@\w]/ }, ({ path }) => (installed.includes(path) ? { path, external: true } : undefined));
  },
});

/** The folder of the package of a file of node_modules. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** @param {string} folder */
function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return `${name} ${version}, ${license}\n\n${text}`.trim();
}
