import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { adatt } from '@polytask/adatt';
import { denseSchema, binary, multiTaskModel, save } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { parseResult, type TrialResult } from '@polytask/study';
import { afterAll, beforeAll, expect, test, describe } from 'vitest';
import { type CommandResult, runCommands } from './testing/commands.ts';

let directory: string;
let [bench, byName, exported, doctor]: (CommandResult | undefined)[] = [];
describe('without onnxruntime-node', { tags: ['long'] }, () => {
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
    const network = adatt({ levels: [{ experts: mlp([4]), perTask: 1, shared: 1 }] });
    const model = multiTaskModel({ schema: denseSchema(2, { a: binary(), b: binary() }), network, seed: 1 });
    await save(model, path.join(directory, 'model'));
    model.dispose();
    const quick = [
      '--limit-rows',
      '40',
      '--epochs',
      '1',
      '--seeds',
      '1',
      '--models',
      'logistic-regression,single-task',
    ];
    [bench, byName, exported, doctor] = await runCommands(
      [
        ['bench', 'synthetic', ...quick, '--out', directory],
        ['bench', 'synthetic', '--engine', 'compiled'],
        ['export', path.join(directory, 'model'), '--out', path.join(directory, 'a.onnx')],
        ['doctor'],
      ],
      { flags: ['--import', HOOK] },
    );
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** A process in which onnxruntime-node is not installed. */
  const HOOK = path.join(import.meta.dirname, 'testing/without-native.fixture.js');

  const NOTE =
    "Engine compiled doesn't run here (Cannot find package 'onnxruntime-node'): taking compiled-wasm, the same graph, run by " +
    'onnxruntime-web in WebAssembly, one thread; several times slower.';

  test('bench trains on WebAssembly, says so in one line, and its results do', async () => {
    const { code, out, err } = bench!;
    expect(err.split('\n').filter((line) => line.includes('onnxruntime'))).toEqual([NOTE]);
    expect(code).toBe(0);
    expect(out).toMatch(/^synthetic\nUndecided: 1 seed [^]*\n2 models, 1 seed, on compiled-wasm\./s);
    const lines = (await readFile(path.join(directory, 'results.jsonl'), 'utf8')).trim().split('\n');
    for (const line of lines) {
      const { engine, versions } = (await parseResult(line, 'results.jsonl')) as TrialResult;
      expect(engine).toBe('compiled-wasm');
      expect(versions['onnxruntime-web']).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  test('an engine that is asked for by name is not replaced: the error says what to install', () => {
    const { code, err } = byName!;
    expect(code).toBe(1);
    expect(err).toContain('Install it with npm install --ignore-scripts onnxruntime-node');
  });

  test('export reads the file with onnxruntime-web', () => {
    const { code, out, err } = exported!;
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('input   x  float32 [batch, 2]\noutput  a  float32 [batch]\noutput  b  float32 [batch]\n');
  });

  test('doctor says that the native runtime is missing from this process, and what would be faster', () => {
    const { code, out } = doctor!;
    expect(code).toBe(0);
    expect(out).toMatch(/^engines +compiled fails, compiled-wasm runs, wasm runs, cpu runs$/m);
    expect(out).toMatch(/^auto takes +compiled-wasm: /m);
    expect(out).toContain('Training runs on compiled-wasm; compiled is several times faster');
    expect(out).toContain('    npm install --ignore-scripts onnxruntime-node\n');
  });
});
