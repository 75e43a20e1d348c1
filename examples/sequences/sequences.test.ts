import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

it('the example of docs/sequences.md runs, and stands there word for word', { tags: ['long'] }, async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const { scores, click } = await import('./sequences.ts');
  log.mockRestore();
  expect(scores.click.auc).toBeGreaterThan(0.9);
  expect(click![0]).toBeGreaterThan(0.6);
  expect(click![1]).toBeLessThan(0.4);
  const [docs, example] = await Promise.all([
    readFile(join(import.meta.dirname, '../../docs/sequences.md'), 'utf8'),
    readFile(join(import.meta.dirname, 'sequences.ts'), 'utf8'),
  ]);
  expect(docs).toContain(`\n${example.slice(example.indexOf('const table =')).replace(/^export /gm, '')}\`\`\``);
});
