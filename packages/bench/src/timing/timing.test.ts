import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from '../cli/main.ts';
import { measure } from './measure.ts';

test('measure warms up, runs eight times at least, and gives the spread', async () => {
  let calls = 0;
  const times = await measure(async () => void calls++, 0);
  expect(calls).toBe(3 + 8);
  expect(times.runs).toBe(8);
  expect(times.p10).toBeLessThanOrEqual(times.median);
  expect(times.median).toBeLessThanOrEqual(times.p90);
});

test('polytask time prints a line a measurement, with the fields that a peer can be paired by', async () => {
  const { io, out } = capturedIo();
  const code = await main(['time', '--models', 'shared-bottom,att_sp', '--seconds', '0.01', '--inference', '1,3', '--json'], io);
  const lines = out().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(code).toBe(0);
  expect(lines.map(({ model, what, batch }) => [model, what, batch])).toEqual([
    ['share_bottom', 'train step', 1024],
    ['share_bottom', 'inference', 1],
    ['share_bottom', 'inference', 3],
    ['att_sp', 'train step', 1024],
    ['att_sp', 'inference', 1],
    ['att_sp', 'inference', 3],
  ]);
  // 320 × 64 + 64, 64 × 32 + 32, and three towers of 32 × 16 + 16 and 16 + 1
  expect(lines[0]).toMatchObject({ config: 'A', threads: 1, engine: 'compiled', parameters: 20544 + 2080 + 3 * (528 + 17) });
  for (const line of lines) expect(Number(line['median'])).toBeGreaterThan(0);
});

test('polytask time says what it knows', async () => {
  const { io, err } = capturedIo();
  expect(await main(['time', '--config', 'C'], io)).toBe(2);
  expect(err()).toContain('Known: A, B');
});
