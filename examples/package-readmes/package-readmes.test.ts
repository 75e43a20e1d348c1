import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';

const here = import.meta.dirname;

/** Runs an example, and gives what it prints. */
async function printed(run: () => Promise<unknown>): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await run();
  const lines = log.mock.calls.map((parts) => parts.join(' '));
  log.mockRestore();
  return lines.join('\n');
}

const EXAMPLES: Readonly<Record<string, () => Promise<unknown>>> = {
  experts: () => import('./experts.ts'),
  gating: () => import('./gating.ts'),
  adatt: () => import('./adatt.ts'),
  baselines: () => import('./baselines.ts'),
};

describe.each(Object.entries(EXAMPLES))('the README of %s', (name, run) => {
  it('shows this example, of at most 20 lines, and what it prints', async () => {
    const [readme, example] = await Promise.all([
      readFile(join(here, `../../packages/${name}/README.md`), 'utf8'),
      readFile(join(here, `${name}.ts`), 'utf8'),
    ]);
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    expect(readme).toContain(`\`\`\`\n${await printed(run)}\n\`\`\``);
  });
});

it('the README of testing shows a conformance test that runs here', async () => {
  const [readme, example] = await Promise.all([
    readFile(join(here, '../../packages/testing/README.md'), 'utf8'),
    readFile(join(here, '../cross-expert/conformance.test.ts'), 'utf8'),
  ]);
  expect(readme).toContain(`\n${example}\`\`\``);
});
