// AUC and seconds of training embedding tables with sparse updates, with Adam and with lazy Adam, beside dense Adam:
//   npm run lazy-adam -- --kuairand DIR [--rows 5000000] [--users 1000000] [--items 100000] [--seeds 1,2,3]
// Two data sets: KuaiRand-Pure, and a click log that is made on the way: Zipf's users and items with hidden vectors, streamed
// for one epoch. A line for each run, then the largest difference of mean AUC to dense Adam. Exit code 1 when that of Adam by rows
// is above .001. `--ways dense,rows` leaves out lazy Adam; `--ways dense,lazy@0.003,rows@0.003` gives a table another learning rate.
// Without `dense`, differences are left out.
import { parseArgs } from 'node:util';
import { adattSp } from '@polytask/adatt';
import { mean } from '@polytask/components';
import {
  labelsOf,
  binary,
  embed,
  emptyBatch,
  layoutOf,
  multiTaskModel,
  randomStream,
  type Batch,
  type Examples,
  type ExampleStream,
  type Schema,
  type TableUpdate,
  type Tasks,
} from '@polytask/core';
import { kuairandPure } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, earlyStopping, evaluate, fit, lazyAdam, type FitOptions } from '@polytask/training';

const { values } = parseArgs({
  options: {
    kuairand: { type: 'string' },
    rows: { type: 'string', default: '5000000' },
    users: { type: 'string', default: '1000000' },
    items: { type: 'string', default: '100000' },
    seeds: { type: 'string', default: '1,2,3' },
    ways: { type: 'string', default: 'dense,rows,lazy' },
  },
});
const ALLOWED = 0.001;
const CHUNK = 65_536;
const HIDDEN = 4;
const [rows, users, items] = [values.rows, values.users, values.items].map(Number) as [number, number, number];

interface Data {
  readonly name: string;
  readonly train: Examples | ExampleStream;
  readonly validation: Examples | ExampleStream | undefined;
  readonly test: Examples | ExampleStream;
  readonly options: FitOptions;
}

/** The ways to train a table. */
function optionsOf(way: string): { update: TableUpdate; tableOptimizer?: FitOptions['tableOptimizer'] } {
  if (way === 'dense') return { update: 'dense' };
  const [name, rate = '0.001'] = way.split('@');
  const tableOptimizer = name === 'rows' ? adam : name === 'lazy' ? lazyAdam : undefined;
  if (!tableOptimizer || !(Number(rate) > 0))
    throw new Error(`Expected dense, or rows or lazy, with @RATE or without, received ${way}.`);
  return { update: 'sparse', tableOptimizer: tableOptimizer(Number(rate)) };
}
const ways = values.ways.split(',');

/** The AUC of each task, and seconds. */
async function run({ train, validation, test, options }: Data, way: string, seed: number) {
  const { update, ...optimizers } = optionsOf(way);
  const model = multiTaskModel({
    schema: train.schema as Schema,
    input: embed({ dimension: 8, update }),
    network: adattSp({
      levels: [
        { experts: mlp([64]), perTask: 2 },
        { experts: mlp([32]), perTask: 2 },
      ],
    }),
    tower: mlp([16]),
    seed,
  });
  const started = performance.now();
  await fit(model, train, {
    optimizer: adam(1e-3),
    ...optimizers,
    engine: 'compiled',
    progress: false,
    validation,
    ...options,
  });
  const seconds = (performance.now() - started) / 1000;
  const scores = (await evaluate(model, test)) as Record<string, { auc?: number }>;
  model.dispose();
  const auc = Object.fromEntries(
    Object.entries(scores).flatMap(([task, own]) => (own.auc === undefined ? [] : [[task, own.auc]])),
  );
  return { auc: auc as Record<string, number>, seconds };
}

const clickSchema = {
  features: { user: { kind: 'hashed', buckets: users }, item: { kind: 'hashed', buckets: items } },
  tasks: { click: binary(), like: binary() },
} as const satisfies Schema;

/** Rows whose labels follow from hidden vectors of a user and an item. @param part the part of the log, such as `train` */
function clicks(part: string, size: number): ExampleStream {
  const layout = layoutOf(clickSchema);
  const tasks = Object.keys(clickSchema.tasks);
  const hidden = (name: string, count: number) => randomStream(0, name).normal(count * HIDDEN, 0, 0.8);
  const [userVectors, itemVectors] = [hidden('users', users), hidden('items', items)];
  /** Zipf's law with exponent 1, by the inverse of its approximate distribution. */
  const zipf = (u: number, count: number) => Math.min(count - 1, Math.floor(count ** u) - 1);
  const chunk = (from: number, count: number): Batch => {
    const random = randomStream(from, `clicks.${part}`);
    const [whom, what] = [random.uniform(count), random.uniform(count)];
    const batch = emptyBatch(count, layout, tasks);
    batch.weights.fill(1);
    tasks.forEach((task, t) => {
      const chance = random.uniform(count);
      const { labels } = labelsOf(batch, task);
      for (let r = 0; r < count; r++) {
        const [user, item] = [zipf(whom[r]!, users), zipf(what[r]!, items)];
        let logit = -1;
        for (let d = t; d < HIDDEN; d++) logit += userVectors[user * HIDDEN + d]! * itemVectors[item * HIDDEN + d]!;
        labels[r] = Number(chance[r]! < 1 / (1 + Math.exp(-logit - itemVectors[item * HIDDEN]!)));
        batch.ids[2 * r] = 2 + user;
        batch.ids[2 * r + 1] = users + 4 + item;
      }
    });
    return batch;
  };
  return {
    schema: clickSchema as unknown as Schema<Tasks>,
    size,
    shuffled: true,
    async *chunks() {
      for (let from = 0; from < size; from += CHUNK) yield chunk(from, Math.min(CHUNK, size - from));
    },
  };
}

const sets: Data[] = [
  {
    name: `click log of ${rows} rows`,
    train: clicks('train', rows),
    validation: undefined,
    test: clicks('test', Math.min(rows, 500_000)),
    options: { epochs: 1, batchSize: 1024 },
  },
];
if (values.kuairand !== undefined) {
  const { train, validation, test } = await kuairandPure(values.kuairand);
  const stopping = earlyStopping({ metric: 'auc', patience: 2 });
  sets.unshift({
    name: 'KuaiRand-Pure',
    ...({ train, validation, test } as unknown as Pick<Data, 'train' | 'validation' | 'test'>),
    options: { epochs: 10, batchSize: 1024, stopping },
  });
}
for (const data of sets) {
  const found = new Map<string, Record<string, number>[]>(ways.map((way) => [way, []]));
  for (const seed of values.seeds.split(',').map(Number)) {
    // in turns, so that other work on the machine falls on all
    for (const way of seed % 2 === 1 ? ways : [...ways].reverse()) {
      const { auc, seconds } = await run(data, way, seed);
      found.get(way)!.push(auc);
      const texts = Object.entries(auc).map(([task, value]) => `${task} ${value.toFixed(4)}`);
      console.log(
        `${data.name}, seed ${seed}, ${way.padEnd(6)} ${seconds.toFixed(1).padStart(7)} s  AUC ${texts.join(', ')}`,
      );
    }
  }
  if (!found.has('dense')) continue;
  const meanOf = (way: string, task: string) => mean(found.get(way)!.map((auc) => auc[task]!));
  for (const way of ways.filter((each) => each !== 'dense')) {
    const differences = Object.keys(found.get('dense')![0]!).map((task) => meanOf(way, task) - meanOf('dense', task));
    const largest = differences.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    console.log(
      `${data.name}: the largest difference of mean AUC, ${way} − dense, is ${largest.toFixed(4)}; over all tasks ${mean(differences).toFixed(4)}`,
    );
    if (way === 'rows' && !(Math.abs(largest) <= ALLOWED)) process.exitCode = 1;
  }
}
