import { expect, test } from 'vitest';
import { randomStream } from '../random/random.ts';
import { enumerated, sampled, shapley, type Coalition } from './coalitions.ts';
import { oneStratum } from './strata.ts';

/** A random game: the value of each coalition. */
function gameOf(players: number, seed: number) {
  const values = randomStream(seed, 'game').uniform(2 ** players);
  return (coalition: Coalition) => values[coalition.reduce((mask, has, player) => mask + has * 2 ** player, 0)]!;
}

function orders(players: readonly number[]): number[][] {
  if (players.length === 0) return [[]];
  return players.flatMap((first) => orders(players.filter((each) => each !== first)).map((rest) => [first, ...rest]));
}

/** The mean over all orders of what a player adds when it joins. */
function byOrders(players: number, value: (coalition: Coalition) => number): number[] {
  const all = orders([...new Array(players).keys()]);
  const sums = new Array<number>(players).fill(0);
  for (const order of all) {
    let before = new Uint8Array(players);
    for (const player of order) {
      const after = before.with(player, 1);
      sums[player]! += (value(after) - value(before)) / all.length;
      before = after;
    }
  }
  return sums;
}

test.each([1, 2, 3, 5])('all coalitions of %i players give the mean over all orders', (players) => {
  const games = [gameOf(players, 1), gameOf(players, 2)];
  const plan = enumerated(players);
  const seen = shapley([plan, plan], players, oneStratum(2), (b, c) => games[b]!(plan.coalitions[c]!));
  const wanted = games.map((game) => byOrders(players, game));
  seen.contributions.forEach((each, p) => expect(each).toBeCloseTo((wanted[0]![p]! + wanted[1]![p]!) / 2, 12));
  expect(seen.base + seen.contributions.reduce((a, b) => a + b)).toBeCloseTo(seen.value, 12);
  expect(seen.errors).toBeUndefined();
});

test('sampled orders add up exactly, and are as near as their standard errors say', () => {
  const players = 7;
  const game = gameOf(players, 3);
  const wanted = byOrders(players, game);
  const plans = Array.from({ length: 400 }, (_, b) => sampled(players, randomStream(5, `orders ${b}`)));
  const { base, value, contributions, errors } = shapley(plans, players, oneStratum(400), (b, c) =>
    game(plans[b]!.coalitions[c]!),
  );
  expect(base + contributions.reduce((a, b) => a + b)).toBeCloseTo(value, 12);
  wanted.forEach((each, p) => {
    expect(errors![p]).toBeGreaterThan(0.002);
    expect(errors![p]).toBeLessThan(0.03);
    expect(Math.abs(contributions[p]! - each)).toBeLessThan(4 * errors![p]!);
  });
  const one = shapley(plans.slice(0, 1), players, oneStratum(1), (b, c) => game(plans[b]!.coalitions[c]!));
  expect(one.errors).toBeUndefined(); // the spread of one row is unknown
});
