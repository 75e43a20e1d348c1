import { expect, test } from 'vitest';
import { PhaseClock } from './phase-clock.js';

test("all of the time is some phase's, and a phase within another is not counted twice", () => {
  let now = 100;
  /** @param {number} by */
  const pass = (by) => void (now += by);
  const clock = new PhaseClock(/** @type {string} */ ('rest'), () => now);
  pass(1);
  expect(clock.enter('feed')).toBe('rest');
  pass(2);
  expect(clock.during('assemble', () => (pass(4), 'a batch'))).toBe('a batch');
  pass(8);
  clock.enter('rest');
  pass(16);
  expect(['rest', 'feed', 'assemble', 'never'].map((phase) => clock.spent(phase))).toEqual([17, 10, 4, 0]);
});

test("a phase is over after an error; time can be another phase's after all", () => {
  let now = 0;
  const clock = new PhaseClock(/** @type {string} */ ('rest'), () => now);
  expect(() =>
    clock.during('assemble', () => {
      throw new Error('bad row');
    }),
  ).toThrow('bad row');
  now += 3;
  clock.rename('start');
  now += 5;
  expect([clock.spent('rest'), clock.spent('assemble'), clock.spent('start')]).toEqual([5, 0, 3]);
});
