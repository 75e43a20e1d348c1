/**
 * Does what the READMEs say, as an outsider would: every command and every program, in order, in an empty folder, with the packages
 * from a registry on this machine.
 *
 *     npm run check-readme [-- --on 20+npm,24+pnpm] [--all]
 *
 * The packages must have been built. Comparisons run on few rows. `--all` takes Node 20, 22 and 24, npm and pnpm, comparisons as they
 * are written, and the commands for a clone. Prints a line a step; exits with 1 if one fails.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inTemporaryDirectory } from './pack.js';
import { readSteps } from './readme/read-steps.js';
import { runSteps } from './readme/run-steps.js';
import { install, readSetup } from './readme/setup.js';
import { startRegistry } from './registry/local-registry.js';
import { inProject } from './registry/project.js';
import { packages, ROOT } from './workspace.js';

const READMES = ['README.md', 'packages/polytask/README.md'];
const SOME = '20+npm,24+pnpm';
const ALL = '20+npm,20+pnpm,22+npm,22+pnpm,24+npm,24+pnpm';

const { values } = parseArgs({ options: { on: { type: 'string' }, all: { type: 'boolean', default: false } } });
const setups = (values.on ?? (values.all ? ALL : SOME)).split(',').map(readSetup);
const registry = await startRegistry({ packages: packages().map(({ directory }) => directory) });

/** @param {NodeJS.ProcessEnv} env @param {import('./readme/setup.js').Setup} setup @param {string} readme */
function check(env, setup, readme) {
  const steps = readSteps(readFileSync(join(ROOT, readme), 'utf8'));
  const quick = !values.all;
  const inClones = steps.some((step) => step.kind === 'command' && step.inClone);
  /** @param {import('./registry/project.js').Project} [clone] */
  const run = (clone) => inProject(env, (project) => runSteps(steps, project, { file: readme, setup, quick, clone }));
  if (!inClones || quick) return run();
  inProject(env, (clone) => {
    execFileSync('git', ['clone', '--quiet', ROOT, clone.directory]);
    run(clone);
  });
}

try {
  for (const setup of setups) {
    console.log(`\nNode ${setup.node}, ${setup.manager}`);
    inTemporaryDirectory((directory) => {
      const env = install(setup, directory, registry.env);
      for (const readme of READMES) check(env, setup, readme);
    });
  }
} finally {
  await registry.stop();
}
