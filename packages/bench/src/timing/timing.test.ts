import { findEntry } from '@polytask/components';
import { expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { configurations, timedModels } from './configurations.ts';
import { measure } from './measurements.ts';
import { buildTimed, randomBatch } from './timed-task.ts';

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
  const code = await main(
    ['time', '--models', 'shared-bottom,att_sp', '--seconds', '0.01', '--inference', '1,3', '--json'],
    io,
  );
  const lines = out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
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
  expect(lines[0]).toMatchObject({
    config: 'A',
    threads: 1,
    engine: 'compiled',
    parameters: 20544 + 2080 + 3 * (528 + 17),
  });
  for (const line of lines) expect(Number(line['median'])).toBeGreaterThan(0);
});

test('the products alone, tracing and loading have lines of their own, in the order asked for', async () => {
  const { io, out } = capturedIo();
  const code = await main(
    ['time', '--models', 'shared-bottom', '--seconds', '0.01', '--what', 'start,products', '--json'],
    io,
  );
  const lines = out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(code).toBe(0);
  expect(lines.map(({ what, batch }) => [what, batch])).toEqual([
    ['trace', 1024],
    ['load', 1024],
    ['matrix products', 1024],
  ]);
  expect(lines.map(({ runs }) => runs)).toEqual([1, 1, expect.any(Number)]);
  for (const line of lines) expect(Number(line['median'])).toBeGreaterThan(0);
});

test('an eager engine has no graph to take the products from', async () => {
  const { io, err } = capturedIo();
  expect(await main(['time', '--engine', 'cpu', '--models', 'shared-bottom', '--what', 'products'], io)).toBe(1);
  expect(err()).toContain('the compiled engine for --what products');
});

test('embeddings stand in front of configuration A', () => {
  const configuration = findEntry(configurations, 'embeddings', 'configuration');
  const model = buildTimed(findEntry(timedModels, 'shared-bottom', 'model'), configuration);
  expect(model.parameterCount).toBe(40 * 1000 * 8 + 20544 + 2080 + 3 * (528 + 17));
  const { size, numeric, ids } = randomBatch(model, 50);
  expect([size, numeric.length, ids.length]).toEqual([50, 0, 50 * 40]);
  ids.forEach((id, i) => expect(Math.floor(id / 1000)).toBe(i % 40)); // each field in its own rows of the table
  expect(new Set(ids).size).toBeGreaterThan(1900); // 2,000 draws from 40,000 rows
  expect(randomBatch(model, 50)).toEqual(randomBatch(model, 50));
  model.dispose();
});

test('ids times one training step for each size of the table, with its memory', { tags: ['long'] }, async () => {
  const { io, out, err } = capturedIo();
  expect(await main(['time', '--config', 'ids', '--ids', '800,4000', '--seconds', '0.01', '--json'], io)).toBe(0);
  const lines = out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
  expect(lines.map(({ what, model, ids }) => [what, model, ids])).toEqual([
    ['train step', 'att_sp', 800],
    ['train step', 'att_sp', 4000],
  ]);
  expect(lines[1]!['parameters']! - lines[0]!['parameters']!).toBe(3200 * 16);
  for (const { p10, median, p90, rss } of lines) {
    expect(p10).toBeLessThanOrEqual(median!);
    expect(median).toBeLessThanOrEqual(p90!);
    expect(rss).toBeGreaterThan(1e7);
  }
  expect(await main(['time', '--config', 'A', '--ids', '800'], io)).toBe(1);
  expect(err()).toContain('a configuration with embeddings for --ids');
});

test('embeddings are timed on the compiled and on an eager engine', async () => {
  for (const engine of ['compiled', 'cpu']) {
    const { io, out } = capturedIo();
    const size = ['--config', 'embeddings', '--inference', '2', '--seconds', '0.01'];
    await main(['time', '--engine', engine, '--models', 'shared-bottom', '--what', 'inference', ...size, '--json'], io);
    expect(JSON.parse(out())).toMatchObject({ engine, what: 'inference', batch: 2, config: 'embeddings' });
  }
});

test(
  'polytask time takes balanced steps as well, and says how many times the plain one they take',
  { tags: ['long'] },
  async () => {
    const { io, out } = capturedIo();
    const argv = [
      'time',
      '--models',
      'shared-bottom',
      '--seconds',
      '0.01',
      '--inference',
      '1',
      '--balancers',
      'equal,pcgrad,mgda@representation',
    ];
    expect(await main([...argv, '--json'], io)).toBe(0);
    const lines = out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ balancer = 'plain', what }) => `${balancer as string} ${what as string}`)).toEqual([
      'plain train step',
      'pcgrad train step',
      'mgda@representation train step',
      'plain inference',
    ]);
    const [plain, balanced] = lines as [Record<string, number>, Record<string, number>];
    expect(balanced['timesPlain']).toBeCloseTo(balanced['median']! / plain['median']!, 2);
  },
);

test('polytask time says what it knows', async () => {
  const { io, err } = capturedIo();
  expect(await main(['time', '--config', 'C'], io)).toBe(2);
  expect(err()).toContain('Known: A, B, embeddings');
});
