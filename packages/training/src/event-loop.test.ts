import { afterEach, expect, test, vi } from 'vitest';
import { createYielder } from './event-loop.ts';

afterEach(() => vi.unstubAllGlobals());

const after = (milliseconds: number) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

test.each(['Node', 'a browser'])('waits a turn of the event loop when 50 ms have passed, in %s', async (where) => {
  const yieldToEventLoop = createYielder();
  expect(yieldToEventLoop()).toBeUndefined();
  after(55);
  let turned = false;
  setTimeout(() => (turned = true), 0);
  if (where === 'a browser') vi.stubGlobal('setImmediate', undefined);
  for (let i = 0; i < 50 && !turned; i++) {
    const breath = yieldToEventLoop();
    if (breath) await breath;
    after(55);
  }
  expect(turned).toBe(true);
  expect(yieldToEventLoop()).toBeInstanceOf(Promise);
});

test('is not due again at once', async () => {
  const yieldToEventLoop = createYielder();
  after(55);
  await yieldToEventLoop();
  expect(yieldToEventLoop()).toBeUndefined();
});
