import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialsOf } from '../testing/trial-of.ts';
import { renderSvg, tablePictures } from './pictures.ts';

const trials = [
  ...trialsOf('single-task', { auc: [0.7, 0.71, 0.73] }),
  ...trialsOf('adatt', { auc: [0.71, 0.71, 0.74] }),
];
const [picture] = tablePictures(summarize(trials), trials).differences;

test('the same picture is the same text, also beside others that are drawn meanwhile', async () => {
  const [first, second] = await Promise.all([renderSvg(picture!), renderSvg({ ...picture!, name: 'other' })]);
  expect(await renderSvg(picture!)).toBe(first);
  expect(second.replaceAll('other-clip', 'differences-auc-clip')).toBe(first);
  const ids = [...first.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(1);
  expect(ids).toEqual(ids.map((_, i) => `differences-auc-clip${i + 1}`));
});

test('a picture is one image with a caption: its points have no labels of their own', async () => {
  const svg = await renderSvg(picture!);
  const labels = [...svg.matchAll(/ aria-label="([^"]*)"/g)].map(([, label]) => label!);
  expect(labels[0]).toMatch(/^AUC minus that of single-task/);
  expect(labels.slice(1)).toEqual(["Title text 'click'"]); // Vega gives titles one in any case
});
