// Seconds and peak memory of training on Parquet files that are streamed, by the compiled engine:
//   npm run stream-training [-- rows] [-- rows directory]
// Files of a million rows (4 numbers, a category of 1,000 values, an id of 100,000, two labels) are made first, in the
// directory (by default that of temporary files), and removed at the end. A process of its own fits the schema in one pass and
// trains one epoch in another, so that its peak is that of the training alone. Training gets better than chance, or it says so.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedBottom } from '@polytask/baselines';
import { binary, multiTaskModel, randomStream } from '@polytask/core';
import { categorical, encodeStream, fitStreamSchema, hashed, numeric, parquetStream } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, fit } from '@polytask/training';
import { parquetWriteFile } from 'hyparquet-writer';

const FILE_ROWS = 1_000_000;
const GROUP_ROWS = 50_000;
const ITEMS = 1000;
const USERS = 100_000;
const LEARNT = 0.67; // a loss of log 2 = 0.693 is that of guessing

/** Labels follow from the first two numbers and the item, with a good deal of noise. */
function write(path: string, rows: number, seed: number): void {
  const numbers = Array.from({ length: 4 }, (_, c) => randomStream(seed, `x${c}`).normal(rows));
  const items = randomStream(seed, 'item').uniform(rows, 0, ITEMS).map(Math.floor);
  const users = randomStream(seed, 'user').uniform(rows, 0, USERS).map(Math.floor);
  const noise = randomStream(seed, 'noise').normal(rows);
  const label = (sign: number) =>
    Int32Array.from({ length: rows }, (_, r) =>
      Number(numbers[0]![r]! + sign * numbers[1]![r]! + ((items[r]! % 7) - 3) / 3 + noise[r]! > 0),
    );
  parquetWriteFile({
    filename: path,
    columnData: [
      ...numbers.map((data, c) => ({ name: `x${c}`, data, type: 'FLOAT' as const })),
      { name: 'item', data: Array.from(items, (item) => `item ${item}`), type: 'STRING' },
      { name: 'user', data: Int32Array.from(users), type: 'INT32' },
      { name: 'click', data: label(1), type: 'INT32' },
      { name: 'like', data: label(-1), type: 'INT32' },
    ],
    rowGroupSize: GROUP_ROWS,
  });
}

async function train(folder: string): Promise<void> {
  const started = performance.now();
  const line = (what: string): void =>
    console.log(
      `${what}: ${((performance.now() - started) / 1000).toFixed(1)} s since the start, peak ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`,
    );
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  const rows = await parquetStream(files, {
    features: {
      ...Object.fromEntries([0, 1, 2, 3].map((c) => [`x${c}`, numeric()])),
      item: categorical(),
      user: hashed({ buckets: 10_000 }),
    },
    tasks: { click: binary(), like: binary() },
  });
  const schema = await fitStreamSchema(rows);
  line(`schema of ${rows.size} rows fitted`);
  const model = multiTaskModel({
    schema,
    network: sharedBottom({ levels: [{ experts: mlp([64]) }, { experts: mlp([32]) }] }),
    tower: mlp([16]),
    seed: 1,
  });
  const { history, engine, steps } = await fit(model, encodeStream(rows, schema), {
    epochs: 1,
    batchSize: 4096,
    optimizer: adam(1e-3),
    engine: 'compiled',
    progress: false,
  });
  const { click, like } = history[0]!.losses;
  line(`trained ${steps} steps of 4096 rows on ${engine}, losses ${click.toFixed(4)} and ${like.toFixed(4)}`);
  if (!(click < LEARNT && like < LEARNT)) process.exitCode = 1;
}

const [first = '20000000', directory] = process.argv.slice(2);
if (first === '--write') {
  const [folder = '', rows = ''] = process.argv.slice(3);
  for (let at = 0; at < Number(rows); at += FILE_ROWS) {
    const name = `${String(at / FILE_ROWS).padStart(4, '0')}.parquet`;
    write(join(folder, name), Math.min(FILE_ROWS, Number(rows) - at), at);
  }
} else if (first === '--train') {
  await train(directory!);
} else {
  const folder = mkdtempSync(join(directory ?? tmpdir(), 'stream-'));
  const own = (...argv: string[]) => {
    const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...argv], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  };
  try {
    own('--write', folder, first);
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    console.log(`made: ${first} rows in ${readdirSync(folder).length} files, ${(bytes / 1e6).toFixed(0)} MB`);
    own('--train', folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
