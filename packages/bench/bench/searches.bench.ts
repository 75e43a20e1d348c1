// Compares searches at equal numbers of trained epochs, on tables of configurations that were trained before (search-tables.bench.ts):
//   npm run compare-searches -- docs/searches/*.json.gz
// A proposal has the scores of the nearest configuration of its table. The first number is how much worse the configuration that random search
// chose is than the best one of the table; then come paired differences of that distance, with 95% intervals over seeds. Negative is better.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { meanInterval, pairedDifference } from '@polytask/metrics';
import { halving, fractionOf, randomSearch, type SearchSpace, startSearch, tpe } from '@polytask/training/search';
import type { Spec } from '@polytask/components';

interface Table {
  readonly table: string;
  readonly epochs: number;
  readonly points: readonly { readonly values: Values; readonly scores: readonly number[]; readonly test: number }[];
}
type Values = Readonly<Record<string, unknown>>;

const SEEDS = Array.from({ length: Number(process.env['SEEDS'] ?? 50) }, (_, i) => i);
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

/** The searches, and how many configurations of each cost as much as one full training. */
const SEARCHES = [
  { spec: randomSearch(), perTraining: 1 },
  { spec: halving(), perTraining: 3 }, // of nine epochs and eta 3
  { spec: tpe(), perTraining: 1 },
];

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4).slice(1)}`;
const difference = (a: readonly number[], b: readonly number[]) => {
  const { mean, low, high } = pairedDifference(a, b);
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
};

console.log('| table | full trainings | random | halving − random | TPE − random | TPE − halving |');
console.log('|---|---:|---:|---:|---:|---:|');
for (const file of process.argv.slice(2)) {
  const table = JSON.parse(gunzipSync(await readFile(file)).toString()) as Table;
  const [space, find] = [spaceOf(table), nearest(table)];
  const most = Math.max(...table.points.map((point) => scoreAt(point, table.epochs)));
  for (const budget of BUDGETS) {
    const runs = SEARCHES.map(({ spec, perTraining }) =>
      SEEDS.map((seed) => searched(table, find, space, spec, budget * perTraining, seed)),
    );
    if (new Set(runs.flat().map(({ spent }) => spent)).size > 1) throw new Error('The searches cost unequally.');
    const [random, halved, byTpe] = runs.map((own) => own.map(({ best }) => most - best)) as [
      number[],
      number[],
      number[],
    ];
    const cells = [
      meanInterval(random).mean.toFixed(4).slice(1),
      difference(halved, random),
      difference(byTpe, random),
    ];
    console.log(`| ${[table.table, budget, ...cells, difference(byTpe, halved)].join(' | ')} |`);
  }
}
