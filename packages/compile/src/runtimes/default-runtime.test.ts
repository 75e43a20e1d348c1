import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleProgram, install, runProgram } from '../../../../process.base.ts';
import { defaultRuntime } from './default-runtime.ts';

let directory: string;
let program: string;
beforeAll(async () => {
  directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'polytask-runtimes-')));
  program = await bundleProgram(path.join(import.meta.dirname, 'default-runtime.fixture.ts'), directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the program in a folder where only these packages are installed. */
async function run(...packages: string[]): Promise<unknown> {
  await install(directory, packages);
  return JSON.parse((await runProgram(program)).stdout);
}

const MISSING_NODE =
  "onnxruntime-node can't be loaded: Cannot find package 'onnxruntime-node'. " +
  'Install it with npm install --ignore-scripts onnxruntime-node.';

it('is onnxruntime-node where it loads', { tags: ['long'] }, async () => {
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

it('is an error that names both without either', { tags: ['long'] }, async () => {
  expect(await run()).toEqual({
    error:
      `${MISSING_NODE} onnxruntime-web can't be loaded: Cannot find package 'onnxruntime-web'. ` +
      'Install it with npm install onnxruntime-web.',
  });
});

it('has the threads that it is asked for', async () => {
  expect(await defaultRuntime({ threads: 2 })).toMatchObject({ name: 'onnxruntime-node', threads: 2 });
});
