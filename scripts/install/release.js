import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../boundaries/manifest.js';
import { inTemporaryDirectory } from '../pack.js';
import { withVersion } from '../release/texts.js';
import { packages } from '../workspace.js';

/** @typedef {import('../boundaries/manifest.js').Manifest} Manifest */

/**
 * Publishes built packages once more under another version. As after `npm run version`, they ask for one another by `^version`.
 * @param {import('../registry/local-registry.js').LocalRegistry} registry
 * @param {readonly string[]} names @param {string} version
 */
export function release(registry, names, version) {
  for (const { directory: source, manifest } of packages()) {
    if (!names.includes(manifest.name)) continue;
    inTemporaryDirectory((directory) => {
      for (const part of ['bin', 'dist', 'README.md'].filter((name) => readdirSync(source).includes(name)))
        cpSync(join(source, part), join(directory, part), { recursive: true });
      writeFileSync(join(directory, 'package.json'), JSON.stringify(nextManifest(source, names, version)));
      if (manifest.name === '@polytask/components') rewriteVersion(join(directory, 'dist'), version);
      registry.publish(directory);
    });
  }
}

/** @param {string} source @param {readonly string[]} names @param {string} version @returns {Manifest} */
function nextManifest(source, names, version) {
  const { manifest } = readManifest(source);
  const { dependencies, peerDependencies } = manifest;
  /** @param {Record<string, string> | undefined} ranges */
  const next = (ranges = {}) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, names.includes(name) ? `^${version}` : range]),
    );
  return { ...manifest, version, dependencies: next(dependencies), peerDependencies: next(peerDependencies) };
}

/** Errors name the version that the registry of components was built with. @param {string} dist @param {string} version */
function rewriteVersion(dist, version) {
  for (const file of readdirSync(dist).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(dist, file), 'utf8');
    writeFileSync(join(dist, file), withVersion(text, version));
  }
}
