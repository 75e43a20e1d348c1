import { sum } from '@polytask/components';
import { expect, test } from 'vitest';
import { randomStream } from '../random/random.ts';
import { enumerated, sampled, shapley } from './coalitions.ts';
import { oneStratum, stratifiedSample } from './strata.ts';

const FEATURES = ['holiday', 'hour', 'rain', 'weekday', 'wind', 'temperature'];

/** 2,500 rows, of which 3% are holidays and 6% have rain. */
const ROWS = Array.from({ length: 2500 }, (_, row) => {
  const [holiday, rain, weekday, ...numbers] = randomStream(1, `row ${row}`).uniform(6);
  const [hour, wind, temperature] = numbers.map((each) => 4 * each - 2);
  return [Number(holiday! < 0.03), hour!, rain! < 0.06 ? 5 * rain! : 0, Math.floor(weekday! * 7), wind!, temperature!];
});

/** A prediction in which all features depend on one another. */
const predict = ([holiday, hour, rain, weekday, wind, temperature]: readonly number[]) =>
  Math.tanh(hour! + temperature! * (0.3 + 0.1 * weekday!)) * (1 - 0.8 * holiday! + Math.sin(wind!)) +
  holiday! * (0.4 + 0.5 * Math.cos(hour!) + 0.4 * temperature!) -
  rain! * (1 + 3 * Math.exp(-(hour! ** 2))) * (1.5 + 0.5 * Math.tanh(temperature!));

const buffer = new Array<number>(FEATURES.length).fill(0);
function mixed(row: readonly number[], other: readonly number[], coalition: Uint8Array) {
  for (let f = 0; f < buffer.length; f++) buffer[f] = (coalition[f] ? row : other)[f]!;
  return predict(buffer);
}

const rare = FEATURES.map((_, f) => Uint8Array.from(ROWS, (row) => Number(row[f] !== 0 && (f === 0 || f === 2))));
rare.forEach((flags, f) => [1, 3, 4, 5].includes(f) && flags.fill(1)); // numbers with many values: nearly all rows have another one

test('contributions of features with rare values are as near to those of all background rows as their errors say', () => {
  const plan = enumerated(FEATURES.length);
  const z = ROWS.slice(0, 100).map((row, r) => {
    const means = plan.coalitions.map((coalition) => sum(ROWS, (other) => mixed(row, other, coalition)) / ROWS.length);
    const exact = shapley([plan], FEATURES.length, oneStratum(1), (_, c) => means[c]!);
    const { rows, strata } = stratifiedSample(rare, ROWS.length, 100, randomStream(r, 'background'));
    const plans = rows.map((b) => sampled(FEATURES.length, randomStream(r, `order ${b}`)));
    const { contributions, errors } = shapley(plans, FEATURES.length, strata, (b, c) =>
      mixed(row, ROWS[rows[b]!]!, plans[b]!.coalitions[c]!),
    );
    return FEATURES.map((_, f) => (contributions[f]! - exact.contributions[f]!) / errors![f]!);
  });
  FEATURES.forEach((name, f) => {
    const own = z.map((each) => each[f]!);
    const rms = Math.sqrt(sum(own, (each) => each ** 2) / own.length);
    expect(Math.abs(rms - 1), name).toBeLessThan(0.2);
    expect(Math.max(...own.map(Math.abs)), name).toBeLessThan(4.5);
  });
});

test('each rare value has a stratum, and the strata are shares of all rows', () => {
  const flags = (share: number) =>
    Uint8Array.from({ length: 1000 }, (_, row) => Number((row * 7919) % 1000 < 1000 * share));
  const sample = (features: readonly Uint8Array[], count = 100) =>
    stratifiedSample(features, 1000, count, randomStream(1, 'background'));
  const sizes = ({ strata }: ReturnType<typeof sample>) => strata.map(({ share, rows }) => [share, rows.length]);
  expect(sizes(sample([flags(0.03)]))).toEqual([
    [0.03, 19],
    [0.97, 81],
  ]);
  expect(sizes(sample([flags(0.03), flags(0.08)]))).toEqual([
    [0.03, 16],
    [0.05, 17],
    [0.92, 67],
  ]); // 3% have both
  expect(sizes(sample([flags(0.004)]))).toEqual([
    [0.004, 4],
    [0.996, 96],
  ]);
  for (const features of [[], [flags(0)], [flags(0.3)], [flags(1)]])
    expect(sizes(sample(features))).toEqual([[1, 100]]);
  expect(sizes(sample([flags(0.03)], 10))).toEqual([[1, 10]]); // too few for strata
  const many = sample(Array.from({ length: 50 }, (_, f) => flags(0.001 * (f + 1))));
  expect([many.strata.length, new Set(many.rows).size, sum(many.strata, ({ share }) => share)]).toEqual([6, 100, 1]);
  expect(many.strata.flatMap(({ rows }) => rows)).toEqual([...many.rows.keys()]);
  expect(sizes(sample([flags(0.03)], 1000))).toEqual([[1, 1000]]);
});
