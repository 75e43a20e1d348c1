import { describe, expect, it } from 'vitest';
import { accuracyOf, CELLS, type PlaneSettings, samplePlane, SIDE, trueMap } from './plane-tasks.ts';
import { outcomeOf } from './plane-lessons.ts';

const SETTINGS: PlaneSettings = { alike: 1, conflict: 0, labels: [20, 240], seed: 1 };
const share = (settings: Partial<PlaneSettings>) =>
  accuracyOf(trueMap(0, { ...SETTINGS, ...settings }), trueMap(1, { ...SETTINGS, ...settings }));

describe('the tasks of the plane', () => {
  it('have equal labels when they are alike', () => expect(share({})).toBe(1));

  it('have opposite labels when they contradict each other everywhere', () => expect(share({ conflict: 1 })).toBe(0));

  it('differ in the share of the plane in which they contradict each other', () =>
    expect(share({ conflict: 0.5 })).toBe(0.5));

  it('agree by chance when they have nothing in common, and more the more they are alike', () => {
    const shares = [0, 0.25, 0.5, 0.75, 1].map((alike) => share({ alike }));
    expect(Math.abs(shares[0]! - 0.5)).toBeLessThan(0.1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });
});

it('a task has as many points as asked for, in the square, and more labels keep the first points', () => {
  const [few, many] = [20, 50].map((count) => samplePlane({ ...SETTINGS, labels: [count, 10] })[0]!);
  expect([few!.labels.length, many!.labels.length]).toEqual([20, 50]);
  expect(many!.points.slice(0, 40)).toEqual(few!.points);
  expect(Math.max(...many!.points.map(Math.abs))).toBeLessThanOrEqual(1);
  expect(samplePlane({ ...SETTINGS, seed: 2 })[0]!.points).not.toEqual(few!.points);
});

it('cells begin at the top left', () => {
  expect([...CELLS.slice(0, 2)].map((value) => value * SIDE)).toEqual(
    [1 - SIDE, SIDE - 1].map((v) => expect.closeTo(v, 4)),
  );
  expect(CELLS).toHaveLength(2 * SIDE * SIDE);
});

it.each([
  [0.9, 0.6, 'better'],
  [0.6, 0.9, 'worse'],
  [0.9, 0.88, 'about the same'],
] as const)('%f beside %f is %s', (own, alone, outcome) => expect(outcomeOf(own, alone)).toBe(outcome));
