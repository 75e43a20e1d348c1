import { expect, test } from 'vitest';
import { bottomAxis } from './chart.ts';
import { h, markupText } from './markup.ts';
import { linearScale, type Scale } from './scale.ts';

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
