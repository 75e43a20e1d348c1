/**
 * Runs the tests on other versions of Node, from the npm packages that hold its binaries:
 *
 *     node scripts/test-node-versions.js [22 24] [-- vitest's options]
 *
 * Exits with 1 if the tests fail on one of them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { installNode } from './node-version.js';
import { inTemporaryDirectory } from './pack.js';
import { binary, ROOT } from './workspace.js';

const { positionals } = parseArgs({ allowPositionals: true });
const versions = positionals.filter((word) => /^\d+(\.\d+)*$/.test(word));
const options = positionals.filter((word) => !versions.includes(word));

for (const version of versions.length > 0 ? versions : ['22', '24']) {
  inTemporaryDirectory((directory) => {
    const bin = installNode(version, directory);
    const node = join(bin, 'node');
    console.log(`\nNode ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
    const env = { ...process.env, PATH: bin + delimiter + process.env['PATH'] }; // for tests that start processes
    const { status } = spawnSync(node, [binary('vitest'), 'run', ...options], { cwd: ROOT, stdio: 'inherit', env });
    if (status !== 0) process.exitCode = 1;
  });
}
