import type { Session } from '@polytask/compile';
import { expect, it, vi } from 'vitest';
import { Sessions } from './trace-model.ts';

const fake = () => {
  const release = vi.fn(async () => {});
  return { release, graph: { session: { run: async () => ({}), release } satisfies Session } };
};

it('loads a graph once a key', async () => {
  const sessions = new Sessions<number, { session: Session }>();
  const load = vi.fn(async () => fake().graph);
  const [first, second] = await Promise.all([sessions.get(1, load), sessions.get(1, load)]);
  expect(second).toBe(first);
  expect(await sessions.get(2, load)).not.toBe(first);
  expect(load).toHaveBeenCalledTimes(2);
});

it('forgets a graph that could not be loaded, and tries again', async () => {
  const sessions = new Sessions<string, { session: Session }>();
  const load = vi.fn(async () => fake().graph).mockRejectedValueOnce(new Error('out of memory'));
  await expect(sessions.get('step', load)).rejects.toThrow('out of memory');
  await expect(sessions.get('step', load)).resolves.toHaveProperty('session');
});

it('releases every session once, after what runs', async () => {
  const sessions = new Sessions<number, { session: Session }>();
  const { release, graph } = fake();
  await sessions.get(1, async () => graph);
  await expect(sessions.get(2, () => Promise.reject(new Error('never')))).rejects.toThrow('never');
  let finish = () => {};
  const running = sessions.during(() => new Promise<void>((resolve) => (finish = resolve)));
  const released = sessions.release();
  await Promise.resolve();
  expect(release).not.toHaveBeenCalled();
  finish();
  await Promise.all([running, released]);
  await sessions.release();
  expect(release).toHaveBeenCalledTimes(1);
});
