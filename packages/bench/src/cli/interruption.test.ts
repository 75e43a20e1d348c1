import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { keyboard } from '../testing/keyboard.ts';
import { afterStop, interruptible, Interruption } from './interruption.ts';
import { main } from './main.ts';

test('the first Ctrl-C aborts, the second ends the program, and afterwards nobody listens', async () => {
  const { interrupts, exit, press, listening } = keyboard();
  const running = interruptible(
    (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason as Error))),
      ),
    interrupts,
  );
  press();
  expect(exit).not.toHaveBeenCalled();
  press();
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  await expect(running).rejects.toThrow(Interruption);
  expect(listening()).toBe(0);
});

test('other signals count as Ctrl-C where they are named', async () => {
  const { interrupts, press, listening } = keyboard();
  const run = (signal: AbortSignal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve('closed')));
  const running = interruptible(run, interrupts, ['SIGINT', 'SIGTERM']);
  press('SIGTERM');
  expect(await running).toBe('closed');
  expect([listening('SIGINT'), listening('SIGTERM')]).toEqual([0, 0]);
});

test('a run that nobody stops gives what it gives', async () => {
  const { interrupts, listening } = keyboard();
  expect(await interruptible(() => Promise.resolve(7), interrupts)).toBe(7);
  expect(listening()).toBe(0);
});

test('what to do next', () => {
  expect(afterStop('results', { trials: 12, of: 50 })).toBe(
    'Stopped. 12 of 50 trials are in results: run the same command again to go on.',
  );
  expect(afterStop(undefined, { trials: 12, of: 50 })).toBe(
    'Stopped. Nothing was kept: pass --out DIR to be able to go on.',
  );
  expect(afterStop('results', undefined)).toBe('Stopped before the first trial: run the same command again.');
});

const QUICK = ['bench', 'synthetic', '--limit-rows', '100', '--epochs', '1', '--engine', 'cpu', '--workers', '0'];

test('polytask bench stops with code 130, says how to go on, and goes on', { tags: ['long'] }, async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  try {
    const argv = [...QUICK, '--models', 'single-task,adatt', '--seeds', '1', '--out', directory];
    const { interrupts, press } = keyboard();
    const { io, out, err } = capturedIo();
    const stderr = {
      write(text: string) {
        if (text.startsWith('1/2')) press(); // the first trial is over
        return io.stderr.write(text);
      },
    };
    expect(await main(argv, { ...io, stderr, interrupts })).toBe(130);
    expect(out()).toBe('');
    expect(err()).toContain(`\nStopped. 1 of 2 trials is in ${directory}: run the same command again to go on.\n`);

    const again = capturedIo();
    expect(await main(argv, again.io)).toBe(0);
    expect(again.err()).toContain('2 trials, 1 of them there already');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
