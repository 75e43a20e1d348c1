import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '@polytask/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const here = import.meta.dirname;
let directory: string;
let home: string;
beforeAll(async () => {
  home = process.cwd();
  directory = await mkdtemp(join(tmpdir(), 'polytask-checkpoint-'));
  const { tensors } = readSafetensors(
    await readFile(join(here, '../../packages/reference/src/testing/cases/adatt-uneven.safetensors')),
  );
  const stateDict = Object.entries(tensors).filter(([name]) => name.startsWith('param.'));
  const checkpoint = Object.fromEntries(stateDict.map(([name, tensor]) => [name.slice('param.'.length), tensor]));
  await writeFile(join(directory, 'checkpoint.safetensors'), writeSafetensors(checkpoint));
  process.chdir(directory);
});
afterAll(async () => {
  process.chdir(home);
  await rm(directory, { recursive: true, force: true });
});

describe('the example of a PyTorch checkpoint', () => {
  it.each(['docs/reference.md', 'packages/reference/README.md'])(
    'stands in %s, ten lines, word for word',
    async (page) => {
      const [text, example] = await Promise.all([
        readFile(join(here, '../..', page), 'utf8'),
        readFile(join(here, 'pytorch-checkpoint.ts'), 'utf8'),
      ]);
      expect(text).toContain(`\n${example}\`\`\``);
      expect(example.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(10);
    },
  );

  it('predicts what PyTorch predicts', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import('./pytorch-checkpoint.ts');
    const printed = log.mock.calls.map(([line]) => String(line));
    log.mockRestore();
    // torch.sigmoid(model(torch.tensor([[0.3, -1.2, 0.8, 0.1]]))) of that checkpoint: 0.6253116, 0.5497777
    expect(printed).toEqual(['click 0.6253, like 0.5498']);
  });
});
