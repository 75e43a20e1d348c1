import { expect, test } from 'vitest';
import { summarize } from '../../summary/summarize.ts';
import { trialsOf } from '../../testing/trial-of.ts';
import { svgFile, svgText } from './chart.ts';
import { tablePictures } from './pictures.ts';
import { seriesClass, shapeOf } from './theme.ts';

const trials = [
  ...trialsOf('single-task', { auc: [0.7, 0.71, 0.73, 0.72, 0.7] }),
  ...trialsOf('adatt', { auc: [0.71, 0.71, 0.74, 0.72, 0.7] }),
];
const { differences, seeds, costs } = tablePictures(summarize(trials), trials);

test('a picture is one image with a caption, and a pointer reads its points', () => {
  const text = svgText(differences[0]!);
  expect(text).toMatch(/^<svg [^>]*role="img" aria-label="AUC minus that of single-task/);
  expect(text).toContain('<title>adatt: +0.0040 ±0.0068, no difference</title>');
  const points = svgText(seeds[0]!);
  expect(points.match(/<title>seed [1-5]: 0\.\d{4}<\/title>/g)).toHaveLength(10);
  expect(svgText(costs[0]!)).toContain('adatt: 0.7160, 1.2k parameters<');
});

test('a file has its colors, light and dark, and places to a tenth of a pixel', () => {
  const file = svgFile(differences[0]!);
  expect(file).toMatch(
    /^<svg xmlns="[^"]*" class="picture" [^>]*><style>:root\{--paper:#ffffff.*prefers-color-scheme:dark/,
  );
  expect(file.slice(file.indexOf('</style>'))).not.toMatch(/[\s"]-?\d+\.\d\d+[\s"]/);
});

test('no two models look the same, up to three times the colors', () => {
  const looks = Array.from({ length: 24 }, (_, i) => [seriesClass(i), shapeOf(i)]);
  expect(new Set(looks.map(([look]) => look)).size).toBe(24);
  expect(new Set(looks.map(([look, shape]) => `${String(look).slice(0, 2)} ${shape}`)).size).toBe(24);
});
