/**
 * Installs the packages from a registry on this machine, as a user would, and uses them: each package alone in an empty project,
 * and projects that live through a second release.
 *
 *     node scripts/check-install.js [--packages core,metrics]
 *
 * The packages must have been built. With --packages, only these are checked, and no second release.
 * Prints a line a check; exits with 1 if one fails.
 */
import { parseArgs } from 'node:util';
import { SCOPE } from './boundaries/floors.js';
import { PACKAGE_CHECKS, install } from './install/package-checks.js';
import { RELEASE_CHECKS } from './install/release-checks.js';
import { startRegistry } from './registry/local-registry.js';
import { inProject } from './registry/project.js';
import { report } from './report.js';
import { packages } from './workspace.js';

const { values } = parseArgs({ options: { packages: { type: 'string' } } });
const all = packages();
const manifests = new Map(all.map(({ manifest }) => [manifest.name, manifest]));
const chosen = values.packages?.split(',').map((name) => (manifests.has(name) ? name : SCOPE + name));
const unknown = chosen?.filter((name) => !manifests.has(name)) ?? [];
if (unknown.length > 0) throw new Error(`there is no package ${unknown}, only ${[...manifests.keys()].join(', ')}`);

const registry = await startRegistry({ packages: all.map(({ directory }) => directory) });
try {
  for (const manifest of manifests.values()) {
    if (chosen && !chosen.includes(manifest.name)) continue;
    inProject(registry.env, (project) => {
      if (!report(`${manifest.name} install`, install(project, manifest))) return;
      for (const [check, find] of Object.entries(PACKAGE_CHECKS)) {
        const wrong = find(project, manifest);
        if (wrong !== null) report(`${manifest.name} ${check}`, wrong);
      }
    });
  }
  if (!chosen)
    for (const [check, find] of Object.entries(RELEASE_CHECKS)) report(`two releases: ${check}`, find(registry));
} finally {
  await registry.stop();
}
