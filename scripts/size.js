/**
 * Bundles what pages do, as a page's bundler would, and compares the sizes with their budgets:
 *
 *     npm run size [-- --sources]
 *
 * The packages must have been built, unless --sources bundles their sources. A size is of the minified and gzipped bundle.
 * Exits with 1 when a program is larger than its budget.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { PROGRAMS } from './size/programs.js';

const { values } = parseArgs({ options: { sources: { type: 'boolean', default: false } } });

/** The size of what a page loads at its start: code behind an `import()` is left out. @param {import('./size/programs.js').Program} program */
async function sizeOf({ text, withTensorflow = false }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: text, resolveDir: import.meta.dirname },
    absWorkingDir: import.meta.dirname,
    bundle: true,
    splitting: true,
    outdir: 'out',
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
    conditions: values.sources ? ['@polytask/source'] : [],
    external: ['onnxruntime-*', ...(withTensorflow ? [] : ['@tensorflow/*'])],
  });
  /** @param {string} name @returns {string[]} */
  const started = (name) => [
    name,
    ...metafile.outputs[name].imports
      .filter(({ kind, external }) => kind === 'import-statement' && !external)
      .flatMap(({ path }) => started(path)),
  ];
  const files = new Set(started('out/stdin.js').map((name) => resolve(import.meta.dirname, name)));
  const sizes = outputFiles.map(({ path, contents }) =>
    files.has(path) ? gzipSync(contents, { level: 9 }).length : 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;

console.log(`${'program'.padEnd(18)}${'size'.padStart(10)}${'budget'.padStart(10)}`);
for (const [name, program] of Object.entries(PROGRAMS)) {
  const size = await sizeOf(program);
  const fits = size <= program.budget;
  console.log(
    `${name.padEnd(18)}${kilobytes(size).padStart(10)}${kilobytes(program.budget).padStart(10)}` +
      `${fits ? '' : '  too large'}`,
  );
  if (!fits) process.exitCode = 1;
}
