import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import * as node from '../platform/node.ts';
import * as browser from '../platform/browser.ts';
import { epochText, progressText } from './reports.ts';

const text = (stream: PassThrough) => String(stream.read() ?? '');

test('a bar on a terminal, with the place and the losses', async () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  const bar = node.createProgress('auto', 20, terminal);
  bar.update(5, progressText(2, 10, { income: 0.41234, married: NaN }));
  bar.stop();
  expect(text(terminal)).toContain('25% · epoch 2/10 · income 0.4123 · married NaN');
});

test('a line an epoch, with the scores of the validation rows', () => {
  const report = {
    ...{ epoch: 3, steps: 117, seconds: 2.06, loss: 0.41234, losses: {}, auxiliary: {}, learningRate: 0.001 },
    validation: {
      income: { loss: 0.3, normalizedLoss: 0.61, auc: 0.91316, ne: 0.612, accuracy: 0.9 },
      pay: { loss: 0.8, normalizedLoss: 0.9, rmse: 25310.4, mae: 312.25 },
    },
  };
  const line =
    'epoch 3, 117 steps, 2.1 s · loss 0.4123 · income: auc 0.9132, ne 0.6120 · pay: rmse 25310, mae 312.25 · best so far';
  expect(epochText(report, true)).toBe(line);
  const file = new PassThrough();
  const bar = node.createProgress(true, 20, file);
  bar.line(line);
  bar.stop();
  expect(text(file)).toContain(`${line}\n`);
  expect(progressText(2, 40, { income: 0.5 }, true)).toBe('epoch 2 of at most 40 · income 0.5000');
});

test('nothing that is left behind by Ctrl-C: no signal taken, no cursor hidden, no wrapping changed', async () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  const listeners = process.listenerCount('SIGINT');
  const bar = node.createProgress('auto', 20, terminal);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  bar.stop();
  const written = text(terminal);
  expect(written).toContain('0%');
  for (const mode of ['[?7l', '[?25l']) expect(written).not.toContain(mode);
});

test('silence where nobody looks', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    for (const choice of ['auto', false] as const) {
      const bar = node.createProgress(choice, 10);
      bar.update(10, 'done');
      bar.stop();
    }
    expect(written).not.toHaveBeenCalled();
    const bar = node.createProgress(true, 10); // asked for, so a line even in a file
    bar.update(10, 'done');
    bar.stop();
    expect(written.mock.calls.map(([chunk]) => String(chunk)).join('')).toContain('100% · done');
  } finally {
    written.mockRestore();
  }
});

test('a browser has no terminal', async () => {
  const bar = browser.createProgress();
  bar.update(1, 'one');
  bar.stop();
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});
