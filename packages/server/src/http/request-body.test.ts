import { expect, it } from 'vitest';
import { bodyBytes } from './request-body.ts';

it('counts the bytes of all requests beyond 64 KiB of each, and nothing of one that ended', () => {
  const bodies = bodyBytes(100);
  const [first, second] = [bodies(), bodies()];
  first.hold(65_536 + 60);
  second.hold(65_536);
  expect(() => second.hold(65_536 + 41)).toThrow('too many bytes');
  second.hold(65_536 + 40);
  first.release();
  first.hold(1e9); // decoded after its client left
  second.hold(65_536 + 100);
  expect(() => second.hold(65_536 + 101)).toThrow('too many bytes');
});
