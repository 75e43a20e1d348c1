/**
 * Fresh random cases of the authors' PyTorch library, compared on every engine. It needs torch in Python, and the library:
 *
 *     npm run parity -- --library DIR [--cases 20] [--seed 1] [--engines compiled,wasm] [--python python3] [--keep DIR]
 *
 * DIR holds mtl_lib.py of facebookresearch/AdaTT. Exits with 1 if a case is past its tolerance.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inTemporaryDirectory } from './pack.js';
import { binary, ROOT } from './workspace.js';

const { values } = parseArgs({
  options: {
    library: { type: 'string' },
    cases: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    engines: { type: 'string', default: 'compiled,wasm' },
    python: { type: 'string', default: 'python3' },
    keep: { type: 'string' },
  },
});

/** @param {string} command @param {string[]} args @param {string} cwd @returns {number} the exit code */
function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) throw new Error(`${command} doesn't start: ${error.message}`);
  return status ?? 1;
}

/** @param {string} library @param {string} directory @returns {number} the exit code */
function compare(library, directory) {
  const generator = join(ROOT, 'scripts/reference/generate_cases.py');
  const options = ['--library', resolve(library), '--out', directory, '--cases', values.cases, '--seed', values.seed];
  // in the cases' own folder: Python imports whatever .py files lie where it runs
  const made = run(values.python, ['-B', generator, ...options], directory);
  if (made !== 0) return made;
  const cases = readdirSync(directory).flatMap((file) => (file.endsWith('.json') ? [join(directory, file)] : []));
  const command = ['-C', '@polytask/source', join(ROOT, 'packages/bench/src/cli.ts'), 'reference', ...cases];
  const codes = values.engines
    .split(',')
    .map((engine) => run(process.execPath, [binary('tsx'), ...command, '--engine', engine], ROOT));
  return Math.max(...codes);
}

if (values.library === undefined) {
  console.error(
    'npm run parity -- --library DIR [--cases 20] [--seed 1]: DIR is the folder of mtl_lib.py (facebookresearch/AdaTT).',
  );
  process.exitCode = 2;
} else {
  const { library, keep } = values;
  if (keep !== undefined) process.exitCode = compare(library, resolve(keep));
  else inTemporaryDirectory((directory) => void (process.exitCode = compare(library, directory)));
}
