import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { adatt } from '@polytask/adatt';
import { denseSchema, binary, multiTaskModel, save } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { trialSchema } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

const HOOK = path.join(import.meta.dirname, 'testing/without-native.fixture.js');
const PROGRAM = path.join(import.meta.dirname, '../bin/polytask.js');

/** Runs the command, which has been built, in a process without onnxruntime-node. */
const polytask = (...argv: string[]): Promise<{ code: unknown; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--import', HOOK, PROGRAM, ...argv], (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });

const NOTE =
  "Engine compiled doesn't run here (Cannot find package 'onnxruntime-node'): taking compiled-wasm, the same graph, run by " +
  'onnxruntime-web in WebAssembly, one thread; several times slower.';

test('bench trains on WebAssembly, says so in one line, and its results do', async () => {
  const quick = ['--limit-rows', '100', '--epochs', '1', '--seeds', '1', '--models', 'single-task,adatt'];
  const { code, out, err } = await polytask('bench', 'synthetic', ...quick, '--out', directory);
  expect(err.split('\n').filter((line) => line.includes('onnxruntime'))).toEqual([NOTE]);
  expect(code).toBe(0);
  expect(out).toMatch(/^\nsynthetic: 2 models, 1 seed, on compiled-wasm\n/);
  const lines = (await readFile(path.join(directory, 'results.jsonl'), 'utf8')).trim().split('\n');
  for (const line of lines) {
    const { engine, versions } = trialSchema.parse(JSON.parse(line));
    expect(engine).toBe('compiled-wasm');
    expect(versions['onnxruntime-web']).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

test('an engine that is asked for by name is not replaced: the error says what to install', async () => {
  const { code, err } = await polytask('bench', 'synthetic', '--engine', 'compiled');
  expect(code).toBe(1);
  expect(err).toContain('Install it with npm install --ignore-scripts onnxruntime-node');
});

test('export reads the file with onnxruntime-web', async () => {
  const network = adatt({ levels: [{ experts: mlp([4]), perTask: 1, shared: 1 }] });
  const model = multiTaskModel({ schema: denseSchema(2, { a: binary(), b: binary() }), network, seed: 1 });
  await save(model, path.join(directory, 'model'));
  model.dispose();
  const { code, out, err } = await polytask(
    'export',
    path.join(directory, 'model'),
    '--onnx',
    path.join(directory, 'a.onnx'),
  );
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('input   x  float32 [batch, 2]\noutput  a  float32 [batch]\noutput  b  float32 [batch]\n');
});

test('doctor says that the native runtime is missing from this process, and what would be faster', async () => {
  const { code, out } = await polytask('doctor');
  expect(code).toBe(0);
  expect(out).toMatch(/^engines +compiled fails, compiled-wasm runs, wasm runs, cpu runs$/m);
  expect(out).toMatch(/^auto takes +compiled-wasm: /m);
  expect(out).toContain('Training runs on compiled-wasm; compiled is several times faster');
  expect(out).toContain('    npm install --ignore-scripts onnxruntime-node\n');
});
