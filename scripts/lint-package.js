/**
 * Packs the package in the current directory as npm would publish it and lets publint and attw judge the tarball.
 * Quiet when both are content. Our packages are ESM only, and `require()` of ESM works in every Node that we support,
 * so attw's warning about that is off.
 */
import { spawnSync } from 'node:child_process';
import { readManifest } from './boundaries/manifest.js';
import { inTemporaryDirectory, pack } from './pack.js';
import { binary } from './workspace.js';

const { manifest } = readManifest(process.cwd());

/** @param {string} name @param {string[]} args @returns {boolean} */
function passes(name, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary(name), ...args], { encoding: 'utf8' });
  if (status !== 0) console.error(`${manifest.name}: ${name}\n${stdout}${stderr}`);
  return status === 0;
}

inTemporaryDirectory((directory) => {
  const { file, size, entryCount } = pack(process.cwd(), directory);
  const verdicts = [
    passes('publint', 'run', file, '--strict'),
    passes('attw', file, '--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm', '--format', 'ascii'),
  ];
  if (verdicts.includes(false)) process.exitCode = 1;
  else console.log(`${manifest.name}: ${entryCount} files, ${(size / 1024).toFixed(1)} kB, publint and attw content`);
});
