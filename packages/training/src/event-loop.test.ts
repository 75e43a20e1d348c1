import { expect, test } from 'vitest';
import { loadInPage } from '../../../page.base.ts';
import { createYielder } from './event-loop.ts';

const after = (milliseconds: number) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

const inPage = async () =>
  (await loadInPage<{ createYielder: typeof createYielder }>("export * from './event-loop.ts'", import.meta.dirname))
    .createYielder;

test.each([
  ['Node', () => Promise.resolve(createYielder)],
  ['a page, which has no setImmediate', inPage],
])('waits a turn of the event loop when 50 ms have passed, in %s', async (_, load) => {
  const create = await load();
  const yieldToEventLoop = create();
  expect(yieldToEventLoop()).toBeUndefined();
  after(55);
  let turned = false;
  setTimeout(() => (turned = true), 0);
  for (let i = 0; i < 50 && !turned; i++) {
    const breath = yieldToEventLoop();
    if (breath) await breath;
    after(55);
  }
  expect(turned).toBe(true);
  expect(typeof yieldToEventLoop()?.then).toBe('function');
});

test('is not due again at once', async () => {
  const yieldToEventLoop = createYielder();
  after(55);
  await yieldToEventLoop();
  expect(yieldToEventLoop()).toBeUndefined();
});
