import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

let directory: string;
const home = process.cwd();
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'polytask-first-'));
  process.chdir(directory);
});
afterAll(async () => {
  process.chdir(home);
  await rm(directory, { recursive: true, force: true });
});

it("the README's first example is this file, and runs in an empty folder", { tags: ['long'] }, async () => {
  const read = (path: string) => readFile(join(import.meta.dirname, path), 'utf8');
  expect(await read('../../README.md')).toContain(`\`\`\`ts\n${await read('first-model.ts')}\`\`\``);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('./first-model.ts');
  const [[scores], [chances]] = log.mock.calls as [[string], [Float32Array]];
  log.mockRestore();
  const aucs = [...scores.matchAll(/0\.\d+/g)].map(([value]) => Number(value));
  expect(aucs).toHaveLength(2);
  for (const auc of aucs) expect(auc).toBeGreaterThan(0.75);
  expect(chances).toHaveLength(3);
  for (const chance of chances) expect(chance).toBeGreaterThan(0);
});
