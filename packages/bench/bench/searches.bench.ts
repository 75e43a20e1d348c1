// Compares searches at equal numbers of trained epochs, on tables of configurations that were trained before (search-tables.bench.ts):
//   npm run compare-searches -- docs/searches/*.json.gz
// A proposal has the scores of the nearest configuration of its table. It prints how much worse than the best configuration of
// the table the chosen one is, as a mean over seeds with its 95% interval, and the paired differences to random search and halving.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { meanInterval, pairedDifference } from '@polytask/metrics';
import { halving, fractionOf, randomSearch, type SearchSpace, startSearch, tpe } from '@polytask/training';
import type { Spec } from '@polytask/components';

interface Table {
  readonly table: string;
  readonly epochs: number;
  readonly points: readonly { readonly values: Values; readonly scores: readonly number[]; readonly test: number }[];
}
type Values = Readonly<Record<string, unknown>>;

const SEEDS = Array.from({ length: Number(process.env['SEEDS'] ?? 200) }, (_, i) => i);
const BUDGETS = [9, 18, 36, 72]; // full trainings
const RATE = { from: 4e-4, to: 5.12e-2, scale: 'log' } as const;

/** The space of a table: its learning rates as a range, all others as choices. */
function spaceOf({ points }: Table): SearchSpace {
  const choices = (name: string) => [
    ...new Map(
      points.filter(({ values }) => name in values).map(({ values }) => [JSON.stringify(values[name]), values[name]]),
    ).values(),
  ];
  return {
    learningRate: RATE,
    ...Object.fromEntries(['model', 'levels', 'batchSize'].map((name) => [name, { choices: choices(name) }])),
    experts: { choices: choices('experts'), when: { model: ['adatt'] } },
  };
}

/** The configurations of a table by what a proposal has, but for its learning rate. */
const keyOf = ({ learningRate: _, ...others }: Values): string =>
  JSON.stringify(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)));

function nearest(table: Table): (values: Values) => Table['points'][number] {
  const groups = new Map<string, Table['points'][number][]>();
  for (const point of table.points)
    groups.set(keyOf(point.values), [...(groups.get(keyOf(point.values)) ?? []), point]);
  const at = ({ learningRate }: Values) => fractionOf(RATE, learningRate);
  return (values) => {
    const distance = (point: Table['points'][number]) => Math.abs(at(point.values) - at(values));
    return groups.get(keyOf(values))!.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  };
}

const scoreAt = ({ scores }: Table['points'][number], epochs: number) => Math.max(...scores.slice(0, epochs));

/** The regret of the chosen configuration, and the epochs that were trained. */
function searched(
  { epochs }: Table,
  find: ReturnType<typeof nearest>,
  space: SearchSpace,
  spec: Spec<'search'>,
  trials: number,
  seed: number,
) {
  const rounds = startSearch(spec, { space, trials, epochs, seed });
  let [spent, best] = [0, -Infinity];
  for (let step = rounds.next(); !step.done;) {
    const scores = step.value.map(({ values, epochs: length }) => scoreAt(find(values), length));
    step.value.forEach(({ epochs: length }, i) => {
      spent += length;
      if (length === epochs) best = Math.max(best, scores[i]!);
    });
    step = rounds.next(scores);
  }
  return { spent, best };
}

const SEARCHES: Readonly<Record<string, { readonly spec: Spec<'search'>; readonly perTraining: number }>> = {
  random: { spec: randomSearch(), perTraining: 1 },
  halving: { spec: halving(), perTraining: 3 }, // of nine epochs and eta 3, three configurations cost as one full training
  tpe: { spec: tpe(), perTraining: 1 },
  ...Object.fromEntries(
    (process.env['TPE'] ? (JSON.parse(process.env['TPE']) as object[]) : []).map((config) => [
      JSON.stringify(config),
      { spec: tpe(config), perTraining: 1 },
    ]),
  ),
};

for (const file of process.argv.slice(2)) {
  const table = JSON.parse(gunzipSync(await readFile(file)).toString()) as Table;
  const [space, find] = [spaceOf(table), nearest(table)];
  const most = Math.max(...table.points.map((point) => scoreAt(point, table.epochs)));
  for (const budget of BUDGETS) {
    const byName = Object.entries(SEARCHES).map(([name, { spec, perTraining }]) => ({
      name,
      results: SEEDS.map((seed) => searched(table, find, space, spec, budget * perTraining, seed)),
    }));
    const [random, halved] = byName.map(({ results }) => results.map(({ best }) => most - best));
    for (const { name, results } of byName) {
      const regrets = results.map(({ best }) => most - best);
      const cell = ({ mean, low, high }: { mean: number; low: number; high: number }) =>
        `${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
      const against = (others: number[] | undefined) =>
        others === regrets || !others ? '' : cell(pairedDifference(regrets, others));
      console.log(
        `| ${[table.table, budget, name, results[0]!.spent, cell(meanInterval(regrets)), against(random), against(halved)].join(' | ')} |`,
      );
    }
  }
}
