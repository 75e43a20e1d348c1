import { afterAll, beforeAll } from 'vitest';

/**
 * Opens something before the tests of a file, and closes it after them. What is returned has its members then.
 *
 * @template {{ close(): Promise<void> }} T
 * @param {() => Promise<T>} open
 */
export function forTests(open) {
  const opened = /** @type {T} */ ({});
  beforeAll(async () => void Object.assign(opened, await open()));
  afterAll(() => opened.close?.());
  return opened;
}
