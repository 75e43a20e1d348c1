import {
  binary,
  multiclass,
  randomStream,
  regression,
  rowEncoder,
  type Examples,
  type Row,
  type Schema,
} from '@polytask/core';

export const mixedTasks = {
  click: binary(),
  stars: multiclass({ classes: ['low', 'middle', 'high'] }),
  minutes: { ...regression({ log: true }), fitted: { mean: 0.4, deviation: 0.5 } },
};

export type MixedTasks = typeof mixedTasks;

const GENRES = ['drama', 'crime', 'news', 'sport'];

/** Every kind of feature with every option, and every kind of task. */
export const mixedSchema: Schema<MixedTasks> = {
  features: {
    age: { kind: 'numeric', mean: 40.3, deviation: 12.7, indicator: true },
    income: { kind: 'numeric', mean: 2.1, deviation: 1.3, log: true },
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio', 'Iowa'] },
    position: { kind: 'vector', width: 2 },
    debts: { kind: 'numeric', mean: -0.4, deviation: 3.2, log: true, indicator: true },
    device: { kind: 'hashed', buckets: 5 },
    genres: {
      kind: 'multi-valued',
      values: { kind: 'categorical', vocabulary: GENRES },
      separator: '|',
      maxLength: 3,
      pooling: 'mean',
    },
    height: { kind: 'numeric', mean: 1.7, deviation: 0.1 },
    never_varied: { kind: 'numeric', mean: 7, deviation: 0 },
    words: {
      kind: 'multi-valued',
      values: { kind: 'hashed', buckets: 11 },
      separator: ' ',
      maxLength: 4,
      pooling: 'sum',
    },
  },
  tasks: mixedTasks,
};

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
    };
  });
}

/** The rows of {@link mixedRows} as a table. */
export function mixedExamples(count: number): Examples<MixedTasks> {
  const encode = rowEncoder(mixedSchema);
  const rows = mixedRows(count);
  return { schema: mixedSchema, size: count, batch: (at) => encode(Array.from(at, (i) => rows[i]!)) };
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
