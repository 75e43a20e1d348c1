// Compares options of boosting on samples of 300 to 10,000 labeled rows of tables, a fifth of them for early stopping:
//   npm run few-labels -- OUT.jsonl TABLE.json …
// Prints, by number of rows, how far the test loss of each choice is from that of the defaults, in units of the constant prediction's loss: the
// mean over the tables, on how many tables it is lower, and the worst table. Trainings that OUT has are not repeated.
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { boost, type TrainingOptions } from '@polytask/boosting';
import { type FeatureColumn, kindOf, type Task } from '@polytask/core';
import { openDataset, rawFeatures, rawLabels, type Table } from '@polytask/data';
import { counterRandom } from '@polytask/metrics';

const CHOICES: Record<string, Partial<TrainingOptions>> = {
  default: {},
  '15 leaves': { numLeaves: 15 },
  '8 leaves': { numLeaves: 8 },
  '4 leaves': { numLeaves: 4 },
  '8 leaves, one category': { numLeaves: 8, maxCatToOnehot: 64 },
  '4 leaves, one category': { numLeaves: 4, maxCatToOnehot: 64 },
};
const [SIZES, SEEDS, TESTED] = [[300, 1000, 3000, 10_000], [1, 2, 3], 10_000];

interface Measured {
  readonly table: string;
  readonly task: string;
  readonly size: number;
  readonly seed: number;
  readonly choice: string;
  readonly loss: number;
}

interface Rows {
  readonly columns: readonly FeatureColumn[];
  readonly labels: readonly (number | null)[];
}

const [out, ...tables] = process.argv.slice(2);
if (out === undefined || tables.length === 0)
  throw new Error('Pass a file for the results, and tables: npm run few-labels -- few-labels.jsonl people.json');

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function rowsOf(parts: readonly Table[], name: string, task: Task): Rows {
  const columns = parts.map((part) => rawFeatures(part, 0, part.size));
  return {
    columns: columns[0]!.map((column, c) => ({
      ...column,
      values: columns.flatMap((each) => each[c]!.values),
    })) as FeatureColumn[],
    labels: parts.flatMap((part) => rawLabels(part, name, task, 0, part.size).labels),
  };
}

const picked = ({ columns, labels }: Rows, rows: readonly number[]) => ({
  columns: Object.fromEntries(columns.map(({ name, values }) => [name, rows.map((row) => values[row]!)])) as never,
  labels: rows.map((row) => labels[row]!),
});

/** The loss of predictions, and of the mean or the shares of the training labels. */
function lossOf(objective: string, labels: readonly number[], predicted: ArrayLike<number>): number {
  const width = predicted.length / labels.length;
  const log = (value: number) => Math.log(Math.max(value, 1e-9));
  return meanOf(
    labels.map((label, row) => {
      if (objective === 'regression') return (predicted[row]! - label) ** 2;
      if (objective === 'multiclass') return -log(predicted[row * width + label]!);
      const own = predicted[row]!;
      if (objective === 'binary') return -log(label === 1 ? own : 1 - own);
      return own - label - label * (log(own) - log(label)); // Poisson deviance, halved
    }),
  );
}

/** The loss of each choice relative to that of a constant prediction. */
function* measured(table: string, task: string, kind: Task, train: Rows, test: Rows): Generator<Measured> {
  const target = kindOf(kind).boosting;
  const objective = target?.objective;
  if (typeof objective !== 'string' || !['binary', 'multiclass', 'regression', 'poisson'].includes(objective)) return;
  const labeled = ({ labels }: Rows) => [...labels.keys()].filter((row) => labels[row] !== null);
  const [known, tested] = [
    labeled(train),
    picked(test, labeled(test).slice(0, TESTED)) as { columns: never; labels: number[] },
  ];
  for (const size of SIZES.filter((each) => each <= known.length))
    for (const seed of SEEDS) {
      const random = counterRandom(seed, size);
      const rows = known.map((row) => ({ row, at: random() })).sort((a, b) => a.at - b.at);
      const [held, grown] = [rows.slice(0, size / 5), rows.slice(size / 5, size)].map((part) =>
        picked(
          train,
          part.map(({ row }) => row),
        ),
      );
      const labels = grown!.labels as number[];
      const classes = objective === 'multiclass' ? Math.max(...(train.labels as number[])) + 1 : 1;
      const shares = Array.from({ length: classes }, (_, k) =>
        classes === 1 ? meanOf(labels) : meanOf(labels.map((label) => Number(label === k))),
      );
      const constant = lossOf(
        objective,
        tested.labels,
        tested.labels.flatMap(() => shares),
      );
      for (const [choice, options] of Object.entries(CHOICES)) {
        const rowsOfPart = { ...grown!, labels, validation: { ...held!, labels: held!.labels as number[] } };
        const model = boost({
          objective: objective as 'regression',
          ...(classes > 1 && { numClass: classes }),
          ...rowsOfPart,
          ...options,
        });
        yield {
          table,
          task,
          size,
          seed,
          choice,
          loss: lossOf(objective, tested.labels, model.predict(tested.columns)) / constant,
        };
      }
    }
}

const text = await readFile(out, 'utf8').catch(() => '');
const results = text
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Measured);
for (const file of tables) {
  const table = path.basename(file, '.json');
  const { train, ...others } = (await openDataset(file)).parts(1);
  const raw = others.raw();
  for (const [task, kind] of Object.entries(train.schema.tasks)) {
    if (results.some((each) => each.table === table && each.task === task)) continue;
    const rows = [
      rowsOf([raw.train, ...(raw.validation ? [raw.validation] : [])], task, kind),
      rowsOf([raw.test!], task, kind),
    ] as const;
    const found = [...measured(table, task, kind, ...rows)];
    await appendFile(out, found.map((each) => `${JSON.stringify(each)}\n`).join(''));
    results.push(...found);
  }
}

for (const size of SIZES) {
  console.log(`${size} labeled rows`);
  for (const choice of Object.keys(CHOICES).slice(1)) {
    const gaps = new Map<string, number[]>();
    for (const each of results.filter((other) => other.choice === choice && other.size === size)) {
      const { table, task, seed } = each;
      const base = results.find(
        (other) =>
          other.choice === 'default' &&
          other.size === size &&
          other.table === table &&
          other.task === task &&
          other.seed === seed,
      )!;
      gaps.set(table, [...(gaps.get(table) ?? []), each.loss - base.loss]);
    }
    const means = [...gaps].map(([table, own]) => ({ table, gap: meanOf(own) })).sort((a, b) => b.gap - a.gap);
    if (means.length === 0) continue;
    const [worst] = means;
    const lower = means.filter(({ gap }) => gap < 0).length;
    console.log(
      `  ${choice}: ${meanOf(means.map(({ gap }) => gap)).toFixed(4)}, lower on ${lower} of ${means.length}; worst ${worst!.table} ${worst!.gap.toFixed(4)}`,
    );
  }
}
