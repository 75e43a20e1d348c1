import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What npm would publish of the package in `directory`, as a file in `target`.
 * @param {string} directory @param {string} target @returns {{ file: string, size: number, entryCount: number }}
 */
export function pack(directory, target) {
  const out = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [packed] = JSON.parse(out);
  return { ...packed, file: join(target, packed.filename) };
}

/**
 * Runs `work` with a new directory that is gone afterwards.
 * @template T @param {(directory: string) => T} work @returns {T}
 */
export function inTemporaryDirectory(work) {
  const directory = mkdtempSync(join(tmpdir(), 'polytask-'));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
