/**
 * Executes the notebooks of `examples/notebooks` with Deno's kernel for Jupyter.
 *
 *     npm run check-notebooks
 *
 * A cell that fails is an error, and so is one that ends without a semicolon and shows no HTML. The packages must have been built, and
 * `jupyter nbconvert` must be there (Debian: jupyter-nbconvert). Installs Deno from npm into a folder of temporary files.
 * `-- --out DIR` keeps the executed notebooks.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './workspace.js';

const NOTEBOOKS = path.join(ROOT, 'examples/notebooks');
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;

/** @typedef {{ cell_type: string, source: string[], outputs: { data?: Record<string, unknown> }[] }} NotebookCell */
/** @param {string} file @returns {NotebookCell[]} */
const codeOf = (file) =>
  JSON.parse(readFileSync(file, 'utf8')).cells.filter(
    (/** @type {NotebookCell} */ { cell_type: type }) => type === 'code',
  );

const folder = mkdtempSync(path.join(os.tmpdir(), 'polytask-notebooks-'));

/** @param {string} program @param {string[]} argv @param {string} cwd @param {NodeJS.ProcessEnv} [env] */
function run(program, argv, cwd, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(program, argv, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`);
}

try {
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  run('npm', ['install', '--no-audit', '--no-fund', 'deno@2'], folder);
  const kernel = path.join(folder, 'kernels/deno');
  mkdirSync(kernel, { recursive: true });
  const argv = [path.join(folder, 'node_modules/.bin/deno'), 'jupyter', '--kernel', '--conn', '{connection_file}'];
  writeFileSync(
    path.join(kernel, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'Deno', language: 'typescript' }),
  );
  for (const name of readdirSync(NOTEBOOKS).filter((file) => file.endsWith('.ipynb'))) {
    const file = path.join(NOTEBOOKS, name);
    if (codeOf(file).some(({ outputs }) => outputs.length > 0))
      throw new Error(`${name} has outputs. Clear them before the commit: they differ from run to run.`);
    const executed = path.join(folder, name);
    const started = Date.now();
    run('jupyter', ['nbconvert', '--to=notebook', '--execute', `--output-dir=${folder}`, file], NOTEBOOKS, {
      ...{ ...process.env, JUPYTER_PATH: folder },
    });
    const silent = codeOf(executed).filter(
      ({ source, outputs }) => !source.at(-1)?.endsWith(';') && !outputs.some(({ data }) => data?.['text/html']),
    );
    if (silent.length > 0) throw new Error(`${name} shows no HTML for:\n${silent[0]?.source.join('')}`);
    if (out) cpSync(executed, path.join(out, name), { recursive: true });
    console.log(`${name}: ${codeOf(executed).length} cells in ${Math.round((Date.now() - started) / 1000)} s`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
