import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import { killedModel, killedOptions, killedRows } from '../testing/killed-run.ts';
import { weightsOf } from '../testing/tiny.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

/** Starts the trainer and kills it at a step; the steps that it said. */
async function killedAt(step: number): Promise<number[]> {
  const child = spawn(process.execPath, [join(directory, 'trainer.mjs'), join(directory, 'run')]);
  const said: number[] = [];
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += String(chunk)));
  for await (const line of createInterface(child.stdout)) {
    said.push(Number(line));
    if (said.at(-1) === step) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.signalCode !== 'SIGKILL')
    throw new Error(`It should have been killed, and ended with ${child.exitCode}: ${complaint}`);
  return said;
}

test('killed by SIGKILL at several steps, it ends with the same bits', async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'killed-trainer.fixture.ts')],
    outfile: join(directory, 'trainer.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
    conditions: ['@polytask/source'],
    external: ['onnxruntime-*'],
    logLevel: 'error',
  });
  await tf.setBackend('cpu');
  const straight = killedModel();
  await fit(straight, killedRows, killedOptions());

  const starts: number[] = [];
  for (const step of [7, 21, 22, 60]) starts.push((await killedAt(step))[0]!);
  expect(starts[0]).toBe(1);
  expect(starts[3]).toBeGreaterThan(15); // it went on where it was killed

  const resumed = killedModel();
  const { steps } = await fit(resumed, killedRows, { ...killedOptions(join(directory, 'run')), resume: true });
  expect(steps).toBe(90);
  expect(weightsOf(resumed)).toEqual(weightsOf(straight));
  for (const model of [straight, resumed]) model.dispose();
});
