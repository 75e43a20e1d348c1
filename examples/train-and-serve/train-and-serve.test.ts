import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const here = import.meta.dirname;
let directory: string;
let home: string;
beforeAll(async () => {
  home = process.cwd();
  directory = await mkdtemp(join(tmpdir(), 'polytask-readme-'));
  await copyFile(join(here, 'people.csv'), join(directory, 'people.csv'));
  process.chdir(directory);
});
afterAll(async () => {
  process.chdir(home);
  await rm(directory, { recursive: true, force: true });
});

describe("the README's example", () => {
  it('is this file, word for word', async () => {
    const [readme, example] = await Promise.all([
      readFile(join(here, '../../README.md'), 'utf8'),
      readFile(join(here, 'train-and-serve.ts'), 'utf8'),
    ]);
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  });

  it('trains, evaluates, saves, loads and predicts', { tags: ['long'] }, async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import('./train-and-serve.ts');
    const [scores, prediction] = log.mock.calls.map(([line]) => String(line)) as [string, string];
    log.mockRestore();
    const [income, single] = [...scores.matchAll(/0\.\d+/g)].map(([value]) => Number(value)) as [number, number];
    expect(income).toBeGreaterThan(0.8);
    expect(single).toBeGreaterThan(0.8);
    // people.csv was drawn so that a salesman of 41 from Utah, in work all year, earns it with probability .124
    expect(Math.abs(Number(/= (0\.\d+)$/.exec(prediction)![1]) - 0.124)).toBeLessThan(0.1);
  });
});
