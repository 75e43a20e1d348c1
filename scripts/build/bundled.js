import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import { runTsup } from './tsup.js';

/**
 * Builds a file of a package together with what it imports from other packages: from those that users shouldn't install, because they
 * are large, or because Node can't import them. What the package depends on stays an import, by its whole name: of
 * `@tensorflow/tfjs-core`, which has to be one copy, only files inside are bundled. The licenses of what is bundled are beside the file.
 *
 * @param {import('./entries.js').Package} package_ @param {string} source @param {string} target the path of the built file
 */
export async function buildBundled({ directory, manifest }, source, target) {
  const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).join('|');
  const { dir, name } = parse(target);
  /** @type {string[]} */
  let inputs = [];
  await runTsup({ directory, manifest }, { [name]: source }, dir, {
    external: [new RegExp(`^(${installed})$`)],
    noExternal: [new RegExp(`^(?!(${installed})$)`)],
    minify: true,
    esbuildPlugins: [
      {
        name: 'inputs',
        setup: ({ onEnd }) => onEnd(({ metafile }) => void (inputs = Object.keys(metafile?.inputs ?? {}))),
      },
    ],
  });
  const folders = new Set(inputs.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
  writeFileSync(
    `${target}.LICENSES.txt`,
    [...folders]
      .sort()
      .map((folder) => licenseOf(resolve(directory, folder)))
      .join('\n\n'),
  );
}

/** The folder of the package of a file of node_modules. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** @param {string} folder */
function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return `${name} ${version}, ${license}\n\n${text}`.trim();
}
