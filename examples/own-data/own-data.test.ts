import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const here = import.meta.dirname;
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

describe('data of your own', () => {
  it('in one JSON file, without code', { tags: ['long'] }, async () => {
    const { scores } = await import('./one-file.ts');
    expect(scores.income!.auc).toBeGreaterThan(0.75);
    expect(scores.income!.gauc).toBeGreaterThan(0.7);
    expect(
      vi
        .mocked(console.log)
        .mock.calls.map(([line]) => String(line))
        .at(-1),
    ).toBe(`income by state: ${scores.income!.gauc}`);
  });

  it('larger than memory', { tags: ['long'] }, async () => {
    const { scores } = await import('./larger-than-memory.ts');
    expect(scores.income.auc).toBeGreaterThan(0.75);
    expect(scores.never_married.auc).toBeGreaterThan(0.75);
  });

  it('in two tables', { tags: ['long'] }, async () => {
    const { scores } = await import('./two-tables.ts');
    expect(scores.click.auc).toBeGreaterThan(0.95);
    expect(scores.hours.rmse).toBeLessThan(0.2); // the deviation of hours is .58
    const shares = vi.mocked(console.log).mock.calls[0]![0] as { clicks: number };
    expect(shares.clicks).toBeCloseTo(Math.sqrt(400) / (Math.sqrt(400) + Math.sqrt(50)), 10);
  });

  it('in two streams', { tags: ['long'] }, async () => {
    const { scores } = await import('./two-streams.ts');
    expect(scores.click.auc).toBeGreaterThan(0.95);
    expect(scores.hours.rmse).toBeLessThan(0.2);
    expect(vi.mocked(console.log).mock.calls).toEqual([[{ clicks: 332, hours: 118 }]]);
  });

  it('is what docs/data.md and docs/reading.md show, word for word', async () => {
    const places = {
      'people.json': ['data.md', ''],
      'larger-than-memory.ts': ['reading.md', 'const rows'],
      'two-tables.ts': ['reading.md', 'const mixture'],
      'two-streams.ts': ['reading.md', 'const clicks'],
    } as const;
    for (const [name, [page, begin]] of Object.entries(places)) {
      const docs = await readFile(join(here, '../../docs', page), 'utf8');
      const text = await readFile(join(here, name), 'utf8');
      const shown = text.slice(text.indexOf(begin)).replace(/^export const scores[^]*$/m, '');
      expect(docs).toContain(
        shown
          .replace('`${import.meta.dirname}/../train-and-serve/people.csv`', "'people.csv'")
          .replace('../train-and-serve/people.csv', 'people.csv')
          .trimEnd(),
      );
    }
  });
});
