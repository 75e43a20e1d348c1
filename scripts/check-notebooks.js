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
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './workspace.js';

const NOTEBOOKS = path.join(ROOT, 'examples/notebooks');
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;

/** @typedef {{ cell_type: string, source: string[], outputs: { data?: Record<string, unknown> }[] }} NotebookCell */
/** @param {{ cells: NotebookCell[] }} notebook */
const codeOf = ({ cells }) => cells.filter(({ cell_type: type }) => type === 'code');

/**
 * A cell that shows its last line, and then waits: of the results of short cells, Deno's kernel sends about one in ten after it has said that
 * the cell is over, and nbconvert drops those. @param {NotebookCell} cell
 */
function waiting(cell) {
  const { source } = cell;
  if (cell.cell_type !== 'code' || isSilent(cell)) return cell;
  const shown = `await Deno.jupyter.display(${source.at(-1)});\nawait new Promise((over) => setTimeout(over, 100));`;
  return { ...cell, source: [...source.slice(0, -1), shown] };
}

/** Whether a cell shows nothing. @param {NotebookCell} cell */
const isSilent = ({ source }) => source.at(-1)?.endsWith(';');

const folder = mkdtempSync(path.join(os.tmpdir(), 'polytask-notebooks-'));

/** @param {string} program @param {string[]} argv @param {object} options @returns {string} */
function run(program, argv, options) {
  const { status, stdout, stderr, error } = spawnSync(program, argv, {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 28, ...options },
  });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`);
  return stdout;
}

try {
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  run('npm', ['install', '--no-audit', '--no-fund', 'deno@2'], { cwd: folder });
  const kernel = path.join(folder, 'kernels/deno');
  mkdirSync(kernel, { recursive: true });
  const argv = [path.join(folder, 'node_modules/.bin/deno'), 'jupyter', '--kernel', '--conn', '{connection_file}'];
  writeFileSync(
    path.join(kernel, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'Deno', language: 'typescript' }),
  );
  for (const name of readdirSync(NOTEBOOKS).filter((file) => file.endsWith('.ipynb'))) {
    const notebook = JSON.parse(readFileSync(path.join(NOTEBOOKS, name), 'utf8'));
    if (codeOf(notebook).some(({ outputs }) => outputs.length > 0))
      throw new Error(`${name} has outputs. Clear them before the commit: they differ from run to run.`);
    const started = Date.now();
    const executed = run('jupyter', ['nbconvert', '--to=notebook', '--execute', '--stdin', '--stdout'], {
      input: JSON.stringify({ ...notebook, cells: notebook.cells.map(waiting) }),
      ...{ cwd: NOTEBOOKS, env: { ...process.env, JUPYTER_PATH: folder } },
    });
    const cells = codeOf(JSON.parse(executed));
    const empty = codeOf(notebook).find(
      (cell, i) => !isSilent(cell) && !cells[i]?.outputs.some(({ data }) => data?.['text/html']),
    );
    if (empty) throw new Error(`${name} shows no HTML for:\n${empty.source.join('')}`);
    if (out) writeFileSync(path.join(out, name), executed);
    console.log(`${name}: ${cells.length} cells in ${Math.round((Date.now() - started) / 1000)} s`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
