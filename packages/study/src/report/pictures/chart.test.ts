import { expect, test } from 'vitest';
import { bottomAxis, linearScale, type Scale, logScale, textWidth, usualRange } from './chart.ts';
import { h, markupText } from './markup.ts';

test('a value far outside the others is left out; quartiles by hand', () => {
  // sorted -10 1 2 3 4: quartiles 1 and 3, fences -5 and 9
  expect(usualRange([1, 2, 3, 4, -10])).toEqual([1, 4]);
  expect(usualRange([1, 2, 3, 4, -5])).toEqual([-5, 4]);
});

test('few values, or none, are all there is', () => {
  expect(usualRange([1, 2, 100])).toEqual([1, 100]);
  expect(usualRange([3, NaN])).toEqual([3, 3]);
  expect(usualRange([])).toEqual([NaN, NaN]);
});

test('ticks are round, and their text has the decimals that tell them apart', () => {
  const scale = linearScale([-0.0012, 0.0009], [0, 100], 4);
  expect(scale.ticks()).toEqual([-0.001, -0.0005, 0, 0.0005]);
  expect(scale.ticks().map(scale.textOf)).toEqual(['−0.0010', '−0.0005', '0.0000', '0.0005']);
  expect([scale(-0.0012), scale(0.0009), scale.invert(50)].map((each) => Number(each.toFixed(6)))).toEqual([
    0, 100, -0.00015,
  ]);
  expect(linearScale([0, 37], [0, 1], 4).ticks()).toEqual([0, 10, 20, 30]);
});

test('a logarithmic scale has powers of ten, or 2 and 5 times these', () => {
  expect(logScale([50, 20_000], [0, 1]).ticks()).toEqual([100, 1000, 10_000]);
  const narrow = logScale([15_000, 90_000], [0, 1]);
  expect(narrow.ticks()).toEqual([15_000, 90_000]);
  expect(logScale([1500, 90_000], [0, 1]).ticks().map(narrow.textOf)).toEqual(['2k', '5k', '10k', '20k', '50k']);
  expect(narrow(Math.sqrt(15_000 * 90_000))).toBeCloseTo(0.5, 12);
});

/** The labels of ticks with their places. */
const labelsOf = (scale: Scale) =>
  [
    ...markupText(h('g', null, bottomAxis(scale, [0, 260], 0, 'AUC'))).matchAll(
      /<text x="([^"]+)" y="14"[^>]*>([^<]+)</g,
    ),
  ].map(([, x, text]) => [Number(x), text]);

test('labels of an axis have room beside each other, and 0 has one', () => {
  const scale = linearScale([-0.00075, 0.00041], [0, 260], 6);
  expect(scale.ticks()).toHaveLength(6);
  expect(labelsOf(scale).map(([, text]) => text)).toEqual(['−0.0004', '0.0000', '0.0004']);
  expect(labelsOf(linearScale([0, 6], [0, 260], 6)).map(([, text]) => text)).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
  ]);
});

test('the label of the last tick ends within the picture, 8 pixels right of the plot at most', () => {
  const axis = markupText(h('g', null, bottomAxis(logScale([0.2, 0.74], [0, 100]), [0, 100], 0, 'seconds')));
  const [, x] = /<text x="([\d.]+)"[^>]*>0\.74</.exec(axis)!;
  expect(Number(x) + textWidth('0.74', 11) / 2).toBeCloseTo(108, 1);
});
