/**
 * Compiles programs of users against the declarations of the packages, as npm installs them, with two versions of TypeScript:
 *
 *     node scripts/check-types-outside.js
 *
 * The programs are those of `types/programs` and the examples, but for `outside-package`, which `check-create` compiles. The packages must
 * have been built. Prints a line a check; exits with 1 if one fails.
 */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRegistry } from './registry/local-registry.js';
import { INSTALL, inProject } from './registry/project.js';
import { report } from './report.js';
import { COMPILERS, errorsThatCount, SETTINGS } from './types/compilers.js';
import { unexpectedTensorTypes } from './types/tensor-types.js';
import { packages, ROOT } from './workspace.js';

const all = packages();
const examples = JSON.parse(readFileSync(join(ROOT, 'examples/package.json'), 'utf8'));
const PROJECT = {
  name: 'someone',
  private: true,
  type: 'module',
  dependencies: {
    ...Object.fromEntries(all.map(({ manifest }) => [manifest.name, manifest.version])),
    ...Object.assign({}, ...all.map(({ manifest }) => manifest.peerDependencies)),
    ...examples.devDependencies,
    '@tensorflow/tfjs': '*',
    '@types/node': '20',
    ...COMPILERS,
  },
};
/** What a careful user has. */
const STRICT = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };

const registry = await startRegistry({ packages: all.map(({ directory }) => directory) });
try {
  inProject(registry.env, ({ directory, write, complaint, run }) => {
    write({ 'package.json': JSON.stringify(PROJECT) });
    if (!report('install', complaint('npm', ...INSTALL))) return;
    cpSync(join(ROOT, 'scripts/types/programs'), join(directory, 'programs'), { recursive: true });
    cpSync(join(ROOT, 'examples'), join(directory, 'examples'), {
      recursive: true,
      filter: (path) => !/node_modules|outside-package|\.test\.ts$|config\.ts$/.test(path),
    });
    for (const { manifest } of all)
      report(
        `${manifest.name} imports types of TensorFlow.js only where tensors are`,
        unexpectedTensorTypes(join(directory, 'node_modules', manifest.name), manifest),
      );
    for (const setting of SETTINGS) {
      const compilerOptions = {
        ...STRICT,
        ...setting.options,
        types: ['node'],
        target: 'es2022',
        noEmit: true,
        allowImportingTsExtensions: true,
      };
      write({ 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['programs', 'examples'] }) });
      const compiler = join('node_modules', setting.compiler, 'bin/tsc');
      report(setting.name, errorsThatCount(run(process.execPath, compiler, '-p', '.', '--pretty', 'false'), setting));
    }
  });
} finally {
  await registry.stop();
}
