import { afterEach, expect, it, vi } from 'vitest';
import { inSlices, inTurn } from './turns.ts';

afterEach(() => vi.restoreAllMocks());

/** A clock that a test moves. */
function clock() {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return { pass: (ms: number) => (now += ms) };
}

it('lets the event loop take others after ten milliseconds of work', async () => {
  const { pass } = clock();
  const order: string[] = [];
  const work = (name: string, ms: number) =>
    inTurn(() => {
      order.push(name);
      pass(ms);
    });
  const all = [work('long', 10), work('short', 1), work('short', 1), work('long', 9), work('last', 1)];
  const loop = () => {
    order.push('loop');
    if (order.length < 8) setImmediate(loop);
  };
  setImmediate(loop);
  await Promise.all(all);
  expect(order).toEqual(['long', 'loop', 'short', 'short', 'long', 'loop', 'last']);
});

it('takes requests in turns, and gives slices in order', async () => {
  const { pass } = clock();
  const order: string[] = [];
  const request = (name: string, rows: number) =>
    inSlices(rows, (from, to) => {
      order.push(name);
      pass(10);
      return [from, to];
    });
  expect(await Promise.all([request('a', 600), request('b', 256), request('c', 0)])).toEqual([
    [
      [0, 256],
      [256, 512],
      [512, 600],
    ],
    [[0, 256]],
    [],
  ]);
  expect(order).toEqual(['a', 'b', 'a', 'a']);
});

it('gives an error of the work to the one who asked', async () => {
  const failing = inTurn(() => {
    throw new Error('mine');
  });
  const fine = inTurn(() => 1);
  await expect(failing).rejects.toThrow('mine');
  expect(await fine).toBe(1);
});
