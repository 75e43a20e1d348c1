import { describe, expect, it } from 'vitest';
import { playgroundLinks } from './playground-links.ts';
import { compareCells } from './sort-table.ts';

describe('cells are compared', () => {
  it.each([
    ['0.9105 ±0.0001', '0.90', 0.0105],
    ['−.0013 ▼', '+.0002', -0.0015],
    ['133,675', '9,001', 124_674],
  ])('as numbers: %s and %s', (a, b, difference) => expect(compareCells(a, b)).toBeCloseTo(difference, 9));

  it('as texts, where one is no number', () => {
    expect(compareCells('adatt', 'ple')).toBeLessThan(0);
    expect(compareCells('', '0.5')).toBeLessThan(0);
  });
});

it('a report links to its trials, a guide to its lessons, and another page to nothing', () => {
  expect(playgroundLinks('docs/results/heat-map/report.md').map(({ address }) => address)).toEqual([
    '/playground/index.html#results=../docs/results/heat-map/results.jsonl.gz',
  ]);
  expect(playgroundLinks('docs/adatt.md')).toEqual([
    { text: 'What AdaTT’s residual does', address: '/playground/index.html#lesson=residual' },
  ]);
  expect(playgroundLinks('docs/core.md')).toEqual([]);
});
