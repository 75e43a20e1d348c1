// Seconds and peak memory of reading a CSV file of 20 numbers and 20 categories of 1,000 values a row:
//   npm run load-speed [-- rows] [-- rows directory]
// The file is made first (in the directory, by default that of temporary files) and removed at the end. A process of its own
// reads it, so that its peak is that of reading, splitting and encoding alone.
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { binary, randomStream } from '@polytask/core';
import { categorical, numeric, readCsv, split } from '@polytask/data';

const NUMBERS = Array.from({ length: 20 }, (_, i) => `n${i}`);
const CATEGORIES = Array.from({ length: 20 }, (_, i) => `c${i}`);
const VALUES = 1000;
const BLOCK = 10_000;

/** The text of the file, block by block. */
function* text(rows: number): Generator<string> {
  yield `${[...NUMBERS, ...CATEGORIES, 'label'].join(',')}\n`;
  for (let row = 0; row < rows; row += BLOCK) {
    const size = Math.min(BLOCK, rows - row);
    const numbers = randomStream(row, 'numbers').normal(size * NUMBERS.length);
    const choices = randomStream(row, 'choices').uniform(size * (CATEGORIES.length + 1));
    let lines = '';
    for (let r = 0; r < size; r++) {
      for (let i = 0; i < NUMBERS.length; i++) lines += `${numbers[r * NUMBERS.length + i]!.toFixed(6)},`;
      const own = choices.subarray(r * (CATEGORIES.length + 1));
      for (let i = 0; i < CATEGORIES.length; i++) lines += `value ${Math.floor(own[i]! * VALUES)},`;
      lines += own[CATEGORIES.length]! < 0.3 ? '1\n' : '0\n';
    }
    yield lines;
  }
}

/** Reads, says how long it took and how much memory it needed, and stops. */
async function measure(path: string): Promise<void> {
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  const table = await readCsv(path, {
    features: Object.fromEntries([
      ...NUMBERS.map((name) => [name, numeric()]),
      ...CATEGORIES.map((name) => [name, categorical()]),
    ]),
    tasks: { label: binary() },
  });
  const peak = (): string => `${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`;
  console.log(
    `read: ${table.size} rows × ${NUMBERS.length + CATEGORIES.length} columns in ${seconds()} s, peak ${peak()}`,
  );
  const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 1 });
  const sizes = [train, validation, test].map(({ size }) => size).join(' + ');
  console.log(`read, split and encoded (${sizes}) in ${seconds()} s, peak ${peak()}`);
}

const [first = '1000000', directory] = process.argv.slice(2);
if (first === '--read') {
  await measure(directory!);
} else {
  const folder = mkdtempSync(join(directory ?? tmpdir(), 'load-speed-'));
  const path = join(folder, 'rows.csv');
  try {
    await pipeline(text(Number(first)), createWriteStream(path));
    console.log(`made: ${(statSync(path).size / 1e6).toFixed(0)} MB`);
    const { status } = spawnSync(
      process.execPath,
      [...process.execArgv, fileURLToPath(import.meta.url), '--read', path],
      { stdio: 'inherit' },
    );
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
