import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { endWithReader, printableOutput } from './io.ts';
import { main } from './main.ts';

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
