import { expect, test } from 'vitest';
import { progressBar } from './bar.ts';

/** What a bar writes, on a clock that the test sets. */
function written(isTTY: boolean, columns = 80) {
  const texts: string[] = [];
  const clock = { ms: 0 };
  const stream = { isTTY, columns, write: (text: string) => texts.push(text) };
  const bar = progressBar(200, stream, () => clock.ms);
  return { bar, clock, take: () => texts.splice(0).join('') };
}

const bars = (full: number) => '█'.repeat(full) + '░'.repeat(24 - full);

test('in a terminal: a line that is written again, at most ten times a second, with the time left', () => {
  const { bar, clock, take } = written(true);
  expect(take()).toBe(`\r\u001b[K${bars(0)} 0%`);
  clock.ms = 99;
  bar.update(1, 'epoch 1');
  expect(take()).toBe('');
  clock.ms = 30_000;
  bar.update(50, 'epoch 2');
  expect(take()).toBe(`\r\u001b[K${bars(6)} 25% · epoch 2 · 1:30 left`);
  bar.line('epoch 2 is over');
  expect(take()).toBe(`\r\u001b[Kepoch 2 is over\n\r\u001b[K${bars(6)} 25% · epoch 2 · 1:30 left`);
  bar.update(200, 'done');
  bar.stop();
  expect(take()).toBe(`\r\u001b[K${bars(24)} 100% · done · 0:00 left\n`);
});

test('in a file: a line every five seconds, and one at the end', () => {
  const { bar, clock, take } = written(false);
  for (clock.ms = 0; clock.ms <= 12_000; clock.ms += 1000) bar.update(clock.ms / 1000, 'a');
  bar.line('an epoch');
  bar.stop();
  expect(take()).toBe(
    [
      `${bars(1)} 2% · a · 3:15 left`,
      `${bars(1)} 5% · a · 3:10 left`,
      'an epoch',
      `${bars(1)} 6% · a · 3:24 left`,
      '',
    ].join('\n'),
  );
});

test('hours have their place, and a line that is wider than the terminal is cut', () => {
  for (const columns of [80, 41]) {
    const { bar, clock, take } = written(true, columns);
    take();
    clock.ms = 3_725_000;
    bar.update(100, 'half');
    expect(take()).toBe(`\r\u001b[K${`${bars(12)} 50% · half · 1:02:05 left`.slice(0, columns - 1)}`);
  }
});
