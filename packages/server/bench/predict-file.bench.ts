// Rows a second and peak memory of predictFile, from CSV to Parquet and to CSV:
//   npm run predict-speed [-- rows] [-- directory]
// A CSV file (6 numbers, a category of 1,000 values, an id, about 70 bytes a row) is made first, in the directory (by default that of
// temporary files), and removed at the end. A process of its own predicts, so that its peak is that of the prediction alone. Exit
// code 1 when the peak is over 1 GB.
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { adatt } from '@polytask/adatt';
import { binary, multiTaskModel, randomStream, regression, type Feature } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { predictFile } from '@polytask/server';

const PIECE_ROWS = 100_000;
const MOST_BYTES = 1e9;
const NUMBERS = Array.from({ length: 6 }, (_, c) => `x${c}`);
const ITEMS = 1000;

/** The same numbers in each piece: they are only to be read. */
function* csvPieces(rows: number): Generator<string> {
  yield `id,${NUMBERS.join()},item\n`;
  const numbers = NUMBERS.map((name) => [...randomStream(1, name).normal(PIECE_ROWS)].map((x) => x.toFixed(5)));
  const items = [...randomStream(1, 'item').uniform(PIECE_ROWS, 0, ITEMS)].map((x) => `item ${Math.floor(x)}`);
  for (let start = 0; start < rows; start += PIECE_ROWS) {
    const size = Math.min(PIECE_ROWS, rows - start);
    const lines = Array.from(
      { length: size },
      (_, r) => `${start + r},${numbers.map((column) => column[r]).join()},${items[r]}\n`,
    );
    yield lines.join('');
  }
}

/** Two levels of AdaTT, about the size of the paper's smaller one. */
function model() {
  const numeric: Feature = { kind: 'numeric', mean: 0, deviation: 1 };
  const features: Record<string, Feature> = Object.fromEntries(NUMBERS.map((name) => [name, numeric]));
  features['item'] = { kind: 'categorical', vocabulary: Array.from({ length: ITEMS }, (_, i) => `item ${i}`) };
  const network = adatt({
    levels: [
      { experts: mlp([64]), perTask: 2, shared: 1 },
      { experts: mlp([32]), perTask: 2 },
    ],
  });
  const schema = { features, tasks: { click: binary(), like: binary(), minutes: regression() } };
  return multiTaskModel({ schema, network, tower: mlp([16]), seed: 1 });
}

async function predict(file: string, out: string): Promise<void> {
  const started = performance.now();
  const { rows, engine } = await predictFile(model(), file, { out, keep: ['id'] });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(); // of the whole process, its start included
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(
    `${out.slice(out.lastIndexOf('.'))}: ${rows.toLocaleString('en')} rows in ${seconds.toFixed(1)} s with ${engine}, ` +
      `${Math.round(rows / seconds).toLocaleString('en')} a second (${((user + system) / 1e6).toFixed(1)} s of CPU), peak ${(peak / 1e6).toFixed(0)} MB`,
  );
  if (peak > MOST_BYTES) process.exitCode = 1;
}

const [first = '20000000', directory] = process.argv.slice(2);
if (first === '--predict') {
  const [file = '', out = ''] = process.argv.slice(3);
  await predict(file, out);
} else {
  const folder = mkdtempSync(join(directory ?? tmpdir(), 'predict-'));
  try {
    const file = join(folder, 'rows.csv');
    await pipeline(Readable.from(csvPieces(Number(first))), createWriteStream(file));
    console.log(`made: ${Number(first).toLocaleString('en')} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB`);
    for (const out of ['out.parquet', 'out.csv']) {
      const argv = [...process.execArgv, fileURLToPath(import.meta.url), '--predict', file, join(folder, out)];
      if (spawnSync(process.execPath, argv, { stdio: 'inherit' }).status !== 0) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
