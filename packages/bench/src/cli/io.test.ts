import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { endWithReader, printableOutput, afterStop, interruptible, Interruption } from './io.ts';
import { main } from './main.ts';
import { keyboard } from '../testing/keyboard.ts';

test('control characters are shown, and only a terminal gets the codes of the command itself', () => {
  for (const isTTY of [true, false]) {
    const { io, out } = capturedIo({ isTTY, columns: 40 });
    const output = printableOutput(io.stdout);
    expect([output.isTTY, output.columns]).toEqual([isTTY, 40]);
    output.write('\r\u001b[K\u001b[1mbold\u001b[22m \u001b]0;title\u0007\u001b[2J\t\n');
    const own = (text: string) => (isTTY ? text : text.replaceAll('\u001b', '\\u001b').replaceAll('\r', '\\u000d'));
    const others = '\\u001b]0;title\\u0007\\u001b[2J\t\n';
    expect(out()).toBe(`${own('\r\u001b[K\u001b[1m')}bold${own('\u001b[22m')} ${others}`);
  }
});

test('an error shows the codes in a name, on a terminal too', async () => {
  const { io, err } = capturedIo({ isTTY: true });
  expect(await main(['bench', 'x\u001b[31m\u0007'], io)).toBe(2);
  expect(err()).toContain('x\\u001b[31m\\u0007');
  expect(err()).not.toContain('\u001b');
});

test('a reader that leaves ends the process without an error; other errors of the output are thrown', () => {
  const [output, codes] = [new EventEmitter(), [] as number[]];
  endWithReader(output, (code) => codes.push(code));
  output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(codes).toEqual([0]);
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  expect(() => output.emit('error', full)).toThrow('no space left');
});

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
