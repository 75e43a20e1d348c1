/**
 * Rehearses a release of the committed state in a clone: the versions and changelogs of the changesets, publishing to a registry on this
 * machine, publishing again, and an installation of what was published. The checkout stays as it is.
 *
 *     node scripts/check-release.js
 *
 * Prints a line a check; exits with 1 if one fails.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startRegistry } from './registry/local-registry.js';
import { inProject, INSTALL } from './registry/project.js';
import { report } from './report.js';
import { packages, ROOT } from './workspace.js';

const registry = await startRegistry();
const env = { ...registry.env, NPM_CONFIG_PROVENANCE: 'false' };
const git = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost'];
try {
  inProject(env, ({ directory, complaint }) => {
    report(
      'a clone',
      complaint('git', 'clone', '--quiet', ROOT, '.') || complaint('npm', 'ci', '--prefer-offline', '--no-audit'),
    );
    if (!report('npm run version', complaint('npm', 'run', 'version'))) return;
    report(
      'its commit',
      complaint('git', ...git, 'commit', '--quiet', '--all', '--message', 'release: versions and changelogs'),
    );
    if (!report('npm run release', complaint('npm', 'run', 'release'))) return;
    report('all are published, with a tag each', untagged(directory));
    report('npm run release publishes nothing twice', complaint('npm', 'run', 'release'));
    const { version } = JSON.parse(readFileSync(path.join(directory, 'packages', 'polytask', 'package.json'), 'utf8'));
    inProject(env, (outside) => {
      outside.write({ 'package.json': '{ "type": "module" }' });
      report(
        `npm install polytask: ${version}`,
        outside.complaint('npm', ...INSTALL, 'polytask') || other(outside, version),
      );
    });
  });
} finally {
  await registry.stop();
}

/** @param {string} directory */
function untagged(directory) {
  const tags = execFileSync('git', ['tag'], { cwd: directory, encoding: 'utf8' }).split('\n');
  return packages()
    .filter(({ manifest }) => !manifest.private && !tags.some((tag) => tag.startsWith(`${manifest.name}@`)))
    .map(({ manifest }) => `no tag of ${manifest.name}`)
    .join('\n');
}

/** @param {import('./registry/project.js').Project} project @param {string} version */
function other(project, version) {
  const { stdout, stderr } = project.run('npx', 'polytask', '--version');
  return stdout.includes(version) ? '' : `polytask --version printed ${stdout}${stderr}`;
}
