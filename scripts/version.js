/**
 * Turns changesets into versions and CHANGELOG.md files, and writes the version.ts of components: `npm run version`. With `--status` it only says
 * what the next release is: `npm run release-status`.
 *
 * All packages have one version, so a peer can never leave its range alone. Changesets doesn't know that: below 1.0, a new minor
 * version leaves `^0.1.0`, and it would make every release a major one. So peers have the range `*` while it works.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withPeerRange, withVersion } from './release/texts.js';
import { SCOPE } from './boundaries/floors.js';
import { binary, packages, ROOT } from './workspace.js';

/** @param {string} file @param {(text: string) => string} change */
const rewrite = (file, change) => writeFileSync(file, change(readFileSync(file, 'utf8')));

/** @param {string} range */
function setPeers(range) {
  for (const { directory } of packages())
    rewrite(join(directory, 'package.json'), (text) => withPeerRange(text, range));
}

const versionOfCore = () =>
  /** @type {string} */ (packages().find(({ manifest }) => manifest.name === `${SCOPE}core`)?.manifest.version);

/** @param {string} command of Changesets */
function changeset(command) {
  setPeers('*');
  try {
    execFileSync(process.execPath, [binary('changeset'), command], { cwd: ROOT, stdio: 'inherit' });
  } finally {
    setPeers(`^${versionOfCore()}`);
  }
}

if (parseArgs({ options: { status: { type: 'boolean' } } }).values.status) changeset('status');
else {
  changeset('version');
  rewrite(join(ROOT, 'packages/components/src/version.ts'), (text) => withVersion(text, versionOfCore()));
  console.log(`All packages have version ${versionOfCore()}.`);
}
