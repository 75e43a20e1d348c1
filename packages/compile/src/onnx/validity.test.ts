import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { computations } from '../testing/check-case.ts';
import { kernelCases } from '../testing/kernel-cases.ts';
import { rewritten, structureFaults } from '../testing/onnx-schema.ts';
import { trace } from '../trace.ts';
import { writeModel } from './write-model.ts';

const models = new Map<string, Uint8Array>();

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const [kernel, cases] of kernelCases()) {
    for (const [i, each] of some(cases, 2).entries()) {
      const specs = Object.fromEntries(each.inputs.map(({ shape, dtype }, at) => [`in${at}`, { shape, dtype }]));
      for (const { what, traced } of computations(each)) {
        for (const threads of [1, 2]) {
          const { graph, outputs } = trace(traced, specs, { threads });
          models.set(`${kernel} ${i} ${what} ${threads}`, writeModel(graph, outputs));
        }
      }
    }
  }
});

it('every file of the conformance table is well formed', () => {
  const faults = [...models].flatMap(([name, model]) => structureFaults(model).map((fault) => `${name}: ${fault}`));
  expect(faults).toEqual([]);
  expect(models.size).toBeGreaterThan(500);
});

it('every file has the bytes that protobuf.js writes', () => {
  const others = [...models].filter(([, model]) => Buffer.compare(model, rewritten(model)) !== 0);
  expect(others.map(([name]) => name)).toEqual([]);
});

it('the check finds what is wrong', () => {
  const { graph, outputs } = trace((x) => tf.exp(tf.add(x, tf.tensor1d([1, 2]))), { x: { shape: [2] } });
  const whole = Buffer.from(writeModel(graph, outputs)).toString('latin1');
  const broken = Buffer.from(whole.replace('t:3', 't:9'), 'latin1');
  expect(structureFaults(broken).join()).toMatch(/before it is made/);
});

const hasOnnx = spawnSync('/usr/bin/python3', ['-c', 'import onnx']).status === 0;

it.runIf(hasOnnx)('onnx.checker accepts every file, with full checks', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'polytask-onnx-'));
  try {
    for (const [name, model] of models) writeFileSync(join(folder, `${name}.onnx`), model);
    const script = resolve(import.meta.dirname, '../testing/check-with-onnx.py');
    const { stdout, stderr, status } = spawnSync('/usr/bin/python3', [script, folder], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(stdout).toBe('');
    expect(status, stderr).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
