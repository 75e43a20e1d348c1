// Peak memory of saving, loading, exporting and checkpoints of a model whose embedding table has sparse updates:
//   npm run table-memory -- [--rows 10000000] [--width 16] [--most 1.2] [--directory DIR]
// Each operation is a process of its own, which has the table in memory where the operation begins with one. A line for each:
// the peak of the resident set, and how much of it the operation and the tables took, as a multiple of the bytes of the tables
// (with the slots of the optimizer, where the operation has them). Exit code 1 when a multiple is above --most.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sharedBottom } from '@polytask/baselines';
import { startEngine } from '@polytask/bench';
import { binary, embed, load, multiTaskModel, save, type MultiTaskModel } from '@polytask/core';
import { encode, fromRows } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { saveOnnx } from '@polytask/serving';
import { adagrad, fit, type FitOptions } from '@polytask/training';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    width: { type: 'string', default: '16' },
    most: { type: 'string', default: '1.2' },
    directory: { type: 'string', default: tmpdir() },
    operation: { type: 'string' },
  },
});
const [rows, width, most] = [Number(values.rows), Number(values.width), Number(values.most)];
const place = (name: string) => join(values.directory, name);
/** The slot of Adagrad is one more table. It is in memory from the start, because it doesn't start at 0. */
const WITH_SLOTS = 2;

const schema = { features: { id: { kind: 'hashed', buckets: rows - 2 } }, tasks: { click: binary() } } as const;
const train = encode(
  fromRows(
    Array.from({ length: 64 }, (_, i) => ({ id: `id ${i}`, click: i % 2 })),
    { features: { id: { kind: 'hashed', buckets: rows - 2 } }, tasks: schema.tasks },
  ),
  schema,
);

const newModel = (): MultiTaskModel<typeof schema.tasks> =>
  multiTaskModel({
    schema,
    input: embed({ dimension: width, update: 'sparse' }),
    network: sharedBottom({ levels: [{ experts: mlp([8]) }] }),
    seed: 7,
  });

/** A model whose table is in memory. Other numbers than 0, without the time of drawing them. */
function fullModel(): MultiTaskModel<typeof schema.tasks> {
  const model = newModel();
  const [table] = model.store.tables();
  const numbers = new Float32Array(table!.size);
  for (let i = 0; i < numbers.length; i++) numbers[i] = (i % 1000) / 1e4;
  table!.adopt(numbers);
  return model;
}

const training: FitOptions<typeof schema.tasks> = {
  ...{
    epochs: 1,
    batchSize: 32,
    optimizer: adagrad(0.1, { initialAccumulator: 0.1 }),
    progress: false,
    engine: 'eager',
  },
  checkpoint: { directory: place('run') },
};

/** What is measured, and how many tables it has in memory. */
const OPERATIONS: Readonly<Record<string, { readonly tables: number; run(): Promise<unknown> }>> = {
  save: { tables: 1, run: () => save(fullModel(), place('model')) },
  load: { tables: 1, run: () => load(place('model')) },
  export: { tables: 1, run: () => saveOnnx(fullModel(), place('model.onnx'), { tables: 'beside' }) },
  checkpoint: { tables: WITH_SLOTS, run: () => fit(fullModel(), train, training) },
  resume: { tables: WITH_SLOTS, run: () => fit(newModel(), train, { ...training, epochs: 2, resume: true }) },
};

async function measure(name: string): Promise<void> {
  await startEngine('cpu');
  const { tables, run } = OPERATIONS[name]!;
  const start = process.memoryUsage.rss();
  const started = performance.now();
  await run();
  const peak = process.resourceUsage().maxRSS * 1024; // in kB on all platforms
  const bytes = tables * rows * width * Float32Array.BYTES_PER_ELEMENT;
  const multiple = (peak - start) / bytes;
  const seconds = (performance.now() - started) / 1000;
  const gb = (value: number) => `${(value / 1e9).toFixed(2)} GB`;
  console.log(
    `${name.padEnd(10)} ${gb(bytes)} of tables, peak ${gb(peak)}, ${multiple.toFixed(2)} × the tables above the start, ` +
      `${seconds.toFixed(1)} s`,
  );
  if (multiple > most) process.exitCode = 1;
}

function measureAll(): void {
  const directory = mkdtempSync(join(values.directory, 'polytask-tables-'));
  try {
    for (const operation of Object.keys(OPERATIONS)) {
      const args = Object.entries({ rows, width, most, directory, operation }).map(
        ([name, value]) => `--${name}=${value}`,
      );
      const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...args], {
        stdio: 'inherit',
      });
      if (status !== 0) process.exitCode = 1;
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (values.operation === undefined) measureAll();
else await measure(values.operation);
