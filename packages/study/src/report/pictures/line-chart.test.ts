import { expect, test } from 'vitest';
import { markupText, h } from './markup.ts';
import { lineChart } from './line-chart.ts';

const pathsOf = (points: readonly (readonly [number, number])[]) => {
  const series = [{ name: 'a', look: 's0', points }];
  const chart = lineChart({
    title: 't',
    xTitle: 'epoch',
    series,
    range: [0, 10],
    xRange: [0, 10],
    width: 348,
    height: 156,
  });
  return [...markupText(h('g', null, chart.content)).matchAll(/class="line" d="([^"]*)"/g)].map(([, d]) => d!);
};

test('a line is a path of steps, which a missing value breaks', () => {
  const [path] = pathsOf([
    [0, 0],
    [5, 10],
    [6, NaN],
    [8, 0],
    [10, 0],
  ]);
  expect(path!.match(/M/g)).toHaveLength(2);
  expect(path).toMatch(/^M[\d.]+ 122l[\d.]+-100M[\d.]+ 122l[\d.]+ 0$/);
});

test('a line that leaves the plot ends at its edge, and begins again where it comes back', () => {
  const [path] = pathsOf([
    [0, 0],
    [5, 20],
    [10, 0],
  ]);
  expect(path!.match(/M/g)).toHaveLength(2);
  expect(path).toMatch(/l[\d.]+-100M[\d.]+ 22l[\d.]+ 100$/);
  expect(
    pathsOf([
      [0, 20],
      [5, 20],
    ])[0],
  ).toBe('');
});
