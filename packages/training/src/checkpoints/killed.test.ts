import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { bundleProgram } from '../../../../process.base.ts';
import { fit } from '../fit/fit.ts';
import { killedModel, killedOptions, killedRows } from '../testing/killed-run.ts';
import { weightsOf } from '../testing/tiny.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

/** Starts the trainer and kills it at a step; the steps that it said. */
async function killedAt(program: string, step: number): Promise<number[]> {
  const child = spawn(process.execPath, [program, join(directory, 'run')]);
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

test('killed by SIGKILL at several steps, it ends with the same bits', { tags: ['long'] }, async () => {
  const program = await bundleProgram(join(import.meta.dirname, 'killed-trainer.fixture.ts'), directory);
  await tf.setBackend('cpu');
  const straight = killedModel();
  await fit(straight, killedRows, killedOptions());

  const starts: number[] = [];
  for (const step of some([3, 9, 10, 25], 3)) starts.push((await killedAt(program, step))[0]!);
  expect(starts[0]).toBe(1);
  expect(starts.at(-1)).toBeGreaterThan(7); // it went on where it was killed

  const resumed = killedModel();
  const { steps } = await fit(resumed, killedRows, { ...killedOptions(join(directory, 'run')), resume: true });
  expect(steps).toBe(36);
  expect(weightsOf(resumed)).toEqual(weightsOf(straight));
  for (const model of [straight, resumed]) model.dispose();
});
