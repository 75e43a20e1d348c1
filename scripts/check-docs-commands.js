/**
 * Runs the command lines of guides and package READMEs, in order, in a folder for each page, with the packages from a registry on this
 * machine:
 *
 *     npm run check-docs-commands [-- --only docs/serving.md,docs/onnx.md]
 *
 * The packages must have been built. The folder has what a reader has: a table, its description, a trained model. Comparisons run on few
 * rows, and on synthetic tasks in place of downloaded data. `npm install` resolves packages and installs nothing. The words behind the
 * language of a block may say why it isn't run: `not run: REASON`. Prints a line a command. Exits with 1 if one fails.
 */
import { cpSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillFolder } from './docs-code/fill-folder.js';
import { docsCommand } from './docs-commands/docs-command.js';
import { readGuides } from './docs-pages.js';
import { readSteps } from './readme/read-steps.js';
import { runSteps } from './readme/run-steps.js';
import { startRegistry } from './registry/local-registry.js';
import { inProject } from './registry/project.js';
import { packages } from './workspace.js';

/**
 * @typedef {import('./registry/project.js').Project} Project @typedef {import('./readme/read-steps.js').Step} Step
 */

/** `npm run check-readme` runs the first two, from an installation of their own. The third is for clones. */
const OTHERS = ['README.md', 'packages/polytask/README.md', 'CONTRIBUTING.md'];
const SETUP = /** @type {const} */ ({ node: '20', manager: 'npm' });

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = values.only?.split(',');

const port = await new Promise((resolve, reject) => {
  const server = createServer().once('error', reject);
  server.listen(0, () => {
    const address = server.address();
    server.close(() => resolve(address instanceof Object ? address.port : 0));
  });
});

/** @type {string[]} */
const omissions = [];
let failed = 0;

/** Does what a page says. @param {Project} reader the folder of a reader @param {NodeJS.ProcessEnv} env @param {string} file @param {readonly Step[]} steps */
const runPage = (reader, env, file, steps) =>
  inProject({ ...env, PATH: ['node_modules/.bin', env['PATH']].join(delimiter) }, (project) => {
    cpSync(reader.directory, project.directory, {
      recursive: true,
      filter: (source) => source !== join(reader.directory, 'node_modules'),
    });
    symlinkSync(join(reader.directory, 'node_modules'), join(project.directory, 'node_modules'));
    for (const step of steps) {
      if (step.kind === 'omission') omissions.push(`${file}:${step.line} isn't run: ${step.reason}`);
      const [, made] = (step.kind === 'command' && /--out (\S+)/.exec(step.command)) || [];
      if (made) rmSync(join(project.directory, made), { recursive: true, force: true }); // the page makes it
    }
    failed += runSteps(steps, project, { file, setup: SETUP, quick: true });
    if (project.has('service.pid')) process.kill(Number(readFileSync(join(project.directory, 'service.pid'), 'utf8')));
  });

const registry = await startRegistry({ packages: packages().map(({ directory }) => directory) });
try {
  const env = { ...registry.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }; // its npm package already holds the CPU kernels
  inProject(env, (reader) => {
    fillFolder(reader.directory);
    const wrong =
      reader.complaint('npm', 'install', 'polytask', 'onnxruntime-node') ||
      reader.complaint('npx', 'polytask', 'train', 'people.json', '--epochs', '2', '--out', 'people-model');
    if (wrong) throw new Error(wrong);
    for (const { file, text } of readGuides()) {
      if (only ? !only.includes(file) : OTHERS.includes(file)) continue;
      const steps = readSteps(text).filter(({ kind }) => kind !== 'fault'); // code is checked by check-docs-code
      const commands = steps.map((step) => {
        if (step.kind === 'command') return { ...step, command: docsCommand(step.command, port) };
        return step.kind === 'download' ? { ...step, source: join(dirname(file), step.source) } : step;
      });
      runPage(reader, env, file, commands);
    }
  });
} finally {
  await registry.stop();
}
for (const omission of omissions) console.log(`- ${omission}`);
console.log(`${failed} commands failed, ${omissions.length} blocks aren't run.`);
