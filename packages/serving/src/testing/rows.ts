import { binary, multiclass, randomStream, regression, type Feature, type Row, type Schema } from '@polytask/core';
import { transformer } from '@polytask/core/features';

const mixedTasks = {
  click: binary(),
  stars: multiclass({ classes: ['low', 'middle', 'high'] }),
  minutes: { ...regression({ log: true }), fitted: { mean: 0.4, deviation: 0.5 } },
};

export type MixedTasks = typeof mixedTasks;

const GENRES = ['drama', 'crime', 'news', 'sport'];

const list = (values: object, separator: string, maxLength: number, pooling: unknown) =>
  ({ kind: 'multi-valued', values, separator, maxLength, pooling }) as Feature;

const films = (maxLength: number, pooling: unknown, more?: object): Feature => ({
  ...{ ...list({ kind: 'shared', with: 'film' }, '|', maxLength, pooling), kind: 'id-sequence' },
  ...more,
});

/** Every kind of feature with every option, and every kind of task. */
export const mixedSchema: Schema<MixedTasks> = {
  features: {
    age: { kind: 'numeric', mean: 40.3, deviation: 12.7, indicator: true },
    income: { kind: 'numeric', mean: 2.1, deviation: 1.3, log: true },
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio', 'Iowa'] },
    position: { kind: 'vector', width: 2 },
    debts: { kind: 'numeric', mean: -0.4, deviation: 3.2, log: true, indicator: true },
    device: { kind: 'hashed', buckets: 5 },
    genres: list({ kind: 'categorical', vocabulary: GENRES }, '|', 3, 'mean'),
    height: { kind: 'numeric', mean: 1.7, deviation: 0.1 },
    never_varied: { kind: 'numeric', mean: 7, deviation: 0 },
    words: list({ kind: 'hashed', buckets: 11 }, ' ', 4, 'sum'),
    born: { kind: 'date', mean: 18_000, deviation: 700, parts: ['trend', 'year', 'week', 'day'] } as Feature,
    weight: { kind: 'buckets', edges: [50, 70.5] } as Feature,
    place: { kind: 'cross', of: ['state', 'weight'], buckets: 13 } as Feature,
    shoe: { kind: 'piecewise-linear', edges: [36, 40, 41.5, 46] } as Feature,
    wealth: { kind: 'quantile-normal', quantiles: [0, 0, 0, 1, 2.5, 2.5, 4, 90] } as Feature,
    note: {
      kind: 'text',
      ...{ buckets: 17, words: 2, characters: 3, maxLength: 6, pooling: 'mean' },
    } as Feature,
  },
  tasks: mixedTasks,
};

/** Sequences with every pooling, and side columns of numbers and ids. */
export const sequenceFeatures: Schema['features'] = {
  watched: films(3, 'attention', { target: 'film' }),
  minutes_ago: {
    kind: 'side-column',
    of: 'watched',
    values: { kind: 'numeric', mean: 3.3, deviation: 1.7, log: true },
    separator: '|',
  },
  studios: { kind: 'side-column', of: 'watched', values: { kind: 'hashed', buckets: 7 }, separator: '|' },
  film: { kind: 'categorical', vocabulary: ['f0', 'f1', 'f2', 'f3'] },
  last_watched: films(2, 'last'),
  searched: { ...list({ kind: 'hashed', buckets: 9 }, ' ', 4, 'mean'), kind: 'id-sequence' },
  in_order: films(3, transformer({ heads: 1 }), { target: 'film' }),
  similar: films(2, 'gru', { search: { similar: 'film' } }),
};

/** Fixed rows with histories that are empty, too long, or have missing entries. */
export const sequenceRows = (count: number): Row[] =>
  Array.from({ length: count }, (_, r) => {
    const entries = Array.from({ length: r % 6 }, (_, j) => (3 * r + 7 * j) % 6); // f4 and f5 are unknown
    const watched = entries.map((film) => (film === 5 ? null : `f${film}`));
    return {
      film: r % 7 === 6 ? null : `f${(5 * r) % 6}`,
      watched,
      last_watched: watched.map((film) => film ?? '').join('|'),
      minutes_ago: entries.map((film, j) => (film === 2 ? null : 10 * r + j)),
      studios: entries.map((film) => `s${film % 3}`).join('|'),
      searched: entries.map((film) => `word${film}`).join(' '),
      in_order: watched,
      similar: watched.length > 3 ? [...watched, ...watched] : watched,
    };
  });

/** Fixed random rows with missing and unknown values, empty lists, and lists that are too long. */
export function mixedRows(count: number): Row[] {
  const stream = randomStream(3, 'rows');
  return Array.from({ length: count }, () => {
    const [a, b, c, d, e, f, g, h] = stream.uniform(8) as unknown as number[];
    const [x, y, z] = stream.normal(3) as unknown as number[];
    const list = (from: readonly string[], share: number) => from.filter((_, i) => (share * 37 * (i + 1)) % 1 < 0.6);
    return {
      age: a! < 0.2 ? null : 40 + 15 * x!,
      income: b! < 0.1 ? '' : 1000 * y! ** 3,
      state: ['Utah', 'Ohio', 'Iowa', 'Mars', null][Math.floor(c! * 5)],
      position: [z!, 3 * d!],
      debts: e! < 0.3 ? undefined : -500 * f! * x!,
      device: f! < 0.2 ? null : `device ${Math.floor(g! * 20)}`,
      genres: list([...GENRES, 'opera'], h!).join('|'),
      height: g! < 0.1 ? NaN : 1.7 + 0.1 * y!,
      never_varied: a! < 0.5 ? 7 : 1e6 * a!,
      words: list(['a', 'b', 'a', 'longer', 'ä'], d!),
      born:
        e! < 0.2
          ? null
          : `20${10 + Math.floor(f! * 15)}-0${1 + Math.floor(g! * 9)}-2${Math.floor(h! * 9)}T1${Math.floor(c! * 9)}:30`,
      weight: c! < 0.2 ? null : 60 + 15 * y!,
      shoe: d! < 0.2 ? null : 41 + 2 * z!,
      wealth: h! < 0.2 ? null : [-1, 0, 0.5, 1, 2.5, 3, 20, 90, 100][Math.floor(g! * 9)],
      note: list(['One', 'two', 'three', 'two', 'ünf'], g!).join(' '),
    };
  });
}

/** The largest difference between two predictions. Infinity if tasks or numbers of rows differ. */
export function largestDifference(
  received: Readonly<Record<string, ArrayLike<number>>>,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): number {
  if (Object.keys(received).sort().join() !== Object.keys(expected).sort().join()) return Infinity;
  const differences = Object.entries(expected).flatMap(([task, values]) => {
    const predictions = received[task]!;
    if (predictions.length !== values.length) return [Infinity];
    return Array.from(values, (value, i) => (predictions[i] === value ? 0 : Math.abs(predictions[i]! - value)));
  });
  return differences.reduce((most, each) => (each <= most ? most : each), 0); // NaN is the largest
}
