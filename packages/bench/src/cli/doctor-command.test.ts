import type { Finding } from '@polytask/components';
import os from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, test } from 'vitest';
import type { Facts } from '../doctor/facts.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from './main.ts';

afterAll(() => tf.setBackend('cpu'));

async function doctor(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(['doctor', ...argv], io);
  return { code, out: out(), err: err() };
}

test('this repository is sound, and its native engine runs', { tags: ['long'] }, async () => {
  const { code, out, err } = await doctor();
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^onnxruntime-node {2}\d+\.\d+\.\d+, runs$/m);
  expect(out).toMatch(/^auto takes +compiled: /m);
  expect(out).toContain('\nNothing is wrong.\n');
});

test('--json has the facts and the findings', async () => {
  const { out } = await doctor('--json');
  const { machine, installations, engines, findings } = JSON.parse(out) as Facts & { findings: Finding[] };
  expect(machine).toMatchObject({ node: process.versions.node, cores: os.availableParallelism() });
  expect(machine.memory.free).toBeLessThanOrEqual(machine.memory.total);
  expect(installations.map(({ of }) => of)).toEqual(['command and project']);
  expect(installations[0].polytask.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['@polytask/bench', '@polytask/core', 'polytask']),
  );
  expect(engines.map(({ name }) => name)).toEqual(['compiled', 'compiled-wasm', 'wasm', 'cpu']);
  expect(findings.filter(({ severity }) => severity === 'warning')).toEqual([]);
});
