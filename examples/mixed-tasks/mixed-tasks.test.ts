import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

it('the example of docs/mixed-tasks.md runs, and stands there word for word', { tags: ['long'] }, async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const { scores, warnings } = await import('./mixed-tasks.ts');
  const lines = log.mock.calls.map((parts) => parts.join(' '));
  log.mockRestore();
  expect(lines.slice(0, 3).map((line) => line.split(' ')[0])).toEqual(['income', 'state', 'age']);
  expect(scores.income.normalizedLoss).toBe(scores.income.ne);
  expect(scores.age.rmse).toBeGreaterThan(5); // years, not deviations
  expect(scores.age.normalizedLoss).toBeLessThan(0.9);
  expect(warnings.map(({ kind, about }) => [kind, about.task])).toEqual([['worse-than-constant', 'state']]); // nothing says where people live
  const [docs, example] = await Promise.all([
    readFile(join(import.meta.dirname, '../../docs/mixed-tasks.md'), 'utf8'),
    readFile(join(import.meta.dirname, 'mixed-tasks.ts'), 'utf8'),
  ]);
  const shown = example.slice(example.indexOf('const table ='), example.length).replace(/^export /gm, '');
  expect(docs).toContain(
    `\`\`\`ts\n${shown.replace('`${import.meta.dirname}/../train-and-serve/people.csv`', "'people.csv'")}\`\`\``,
  );
});
