import { expect, it, vi } from 'vitest';
import { createPause } from './worker-pool.ts';

it('waits while it is paused, and only then', async () => {
  const pause = createPause();
  const passed = vi.fn();
  await pause.passed();
  pause.pause();
  const waiting = pause.passed().then(passed);
  await Promise.resolve();
  expect(passed).not.toHaveBeenCalled();
  pause.resume();
  await waiting;
  expect(passed).toHaveBeenCalledOnce();
  await pause.passed();
});

it('lets those go on who waited when it was paused twice', async () => {
  const pause = createPause();
  pause.pause();
  const first = pause.passed();
  pause.pause();
  await first; // no longer held: whoever comes now waits
  pause.resume();
  await pause.passed();
});
