import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultRuntime } from './default-runtime.ts';

let directory: string;
beforeAll(async () => {
  directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'polytask-runtimes-')));
  await build({
    entryPoints: [path.join(import.meta.dirname, 'default-runtime.fixture.ts')],
    outfile: path.join(directory, 'program.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
    external: ['onnxruntime-*'],
    logLevel: 'error',
  });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the program in a folder where only these packages are installed. */
async function run(...packages: string[]): Promise<unknown> {
  const modules = path.join(directory, 'node_modules');
  await rm(modules, { recursive: true, force: true });
  await mkdir(modules);
  for (const name of packages) await symlink(folderOf(name), path.join(modules, name));
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(directory, 'program.mjs')]);
  return JSON.parse(stdout);
}

function folderOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  return entry.slice(0, entry.lastIndexOf(name) + name.length);
}

const MISSING_NODE =
  "onnxruntime-node can't be loaded: Cannot find package 'onnxruntime-node'. " +
  'Install it with npm install --ignore-scripts onnxruntime-node.';

it('is onnxruntime-node where it loads', async () => {
  expect(await run('onnxruntime-node', 'onnxruntime-web')).toEqual({
    name: 'onnxruntime-node',
    threads: 1,
    output: [2, 4],
  });
});

it('is WebAssembly without it, computes the same, and says why in one line', async () => {
  expect(await run('onnxruntime-web')).toEqual({
    name: 'onnxruntime-web',
    threads: 1,
    note: `onnxruntime-web (WebAssembly) runs the graphs, which is slower: ${MISSING_NODE}`,
    output: [2, 4],
  });
});

it('is an error that names both without either', async () => {
  expect(await run()).toEqual({
    error:
      `${MISSING_NODE} onnxruntime-web can't be loaded: Cannot find package 'onnxruntime-web'. ` +
      'Install it with npm install onnxruntime-web.',
  });
});

it('has the threads that it is asked for', async () => {
  expect(await defaultRuntime({ threads: 2 })).toMatchObject({ name: 'onnxruntime-node', threads: 2 });
});
