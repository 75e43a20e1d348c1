import { expect, test } from 'vitest';
import { summarize } from '../../summary/summarize.ts';
import { trialsOf, trialOf } from '../../testing/trial-of.ts';
import { svgFile, svgText } from './chart.ts';
import { tablePictures, costAndQuality } from './pictures.ts';
import { seriesClass, shapeOf } from './markup.ts';
import type { TrialResult } from '../../results/trial-result.ts';

const trials = [
  ...trialsOf('single-task', { auc: [0.7, 0.71, 0.73, 0.72, 0.7] }),
  ...trialsOf('adatt', { auc: [0.71, 0.71, 0.74, 0.72, 0.7] }),
];
const { differences, seeds, costs } = tablePictures(summarize(trials), trials);

test('a picture is one image with a caption, and a pointer reads its points', () => {
  const text = svgText(differences[0]!);
  expect(text).toMatch(/^<svg [^>]*role="img" aria-label="AUC minus that of single-task/);
  expect(text).toContain('<title>adatt: +0.0040 ±0.0068, could be chance</title>');
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

test('there are learning curves of epochs, not of trees, and multiply-adds of the models that have them', () => {
  const point = { loss: 0.5, validation: { click: 0.7 }, seconds: 1 };
  const curvesOf = (curve: TrialResult['curve']) => {
    const own = trials.map((trial) => ({ ...trial, curve }));
    return tablePictures(summarize(own), own).curves;
  };
  expect(curvesOf([point])).toEqual([]);
  expect(curvesOf([point, point])).toHaveLength(1);
  const costsOf = (...counted: readonly (number | undefined)[]) => {
    const own = counted.map((multiplyAdds, i) => trialOf({ model: `m${i}`, ...(multiplyAdds && { multiplyAdds }) }));
    return svgText(costAndQuality(summarize(own))[0]!);
  };
  expect(costsOf(100, 200, undefined)).toContain('multiply-adds of a row');
  expect(costsOf(100, undefined)).not.toContain('multiply-adds');
});

test('no two models look the same, up to three times the colors', () => {
  const looks = Array.from({ length: 24 }, (_, i) => [seriesClass(i), shapeOf(i)]);
  expect(new Set(looks.map(([look]) => look)).size).toBe(24);
  expect(new Set(looks.map(([look, shape]) => `${String(look).slice(0, 2)} ${shape}`)).size).toBe(24);
});

/** What the picture of some models says: its caption, its axis, and the quality of each. */
function drawn(trials: readonly TrialResult[]) {
  const [picture] = costAndQuality(summarize(trials));
  const text = picture ? svgText(picture) : '';
  return {
    caption: picture?.caption,
    title: /mean [^<]* of \d tasks/.exec(text)?.[0],
    qualities: [...new Set([...text.matchAll(/<title>[^:]+: (\d\.\d{4}), /g)].map(([, value]) => Number(value)))],
  };
}

test('binary tasks alone: the mean AUC', () => {
  const metrics = { click: { auc: 0.8, ne: 0.5 }, like: { auc: 0.6, ne: 0.5 } };
  const { title, qualities, caption } = drawn([trialOf({ metrics }), trialOf({ metrics, model: 'ple' })]);
  expect(title).toBe('mean AUC of 2 tasks');
  expect(qualities).toEqual([0.7]);
  expect(caption).toContain('Mean AUC over tasks against what models cost (higher is better)');
});

test("tasks of several kinds: the mean normalized loss over all of them, whatever the labels' units", () => {
  const inUnits = (unit: number) => [
    trialOf({
      metrics: { click: { auc: 0.8 }, pay: { rmse: 3 * unit } },
      normalizedLosses: { click: 0.5, pay: 0.7 },
    }),
    trialOf({
      model: 'ple',
      metrics: { click: { auc: 0.7 }, pay: { rmse: 4 * unit } },
      normalizedLosses: { click: 0.6, pay: 0.9 },
    }),
  ];
  const dollars = drawn(inUnits(1000));
  expect(dollars.qualities).toEqual([0.6, 0.75]);
  expect(dollars).toEqual(drawn(inUnits(1)));
  expect(dollars.title).toBe('mean normalized loss of 2 tasks');
  expect(dollars.caption).toContain('NE, RMSE over the deviation');
  expect(dollars.caption).toContain('(lower is better)');
});

test('trials without normalized losses have no picture where a task is not binary', () => {
  const metrics = { click: { auc: 0.8 }, pay: { rmse: 3 } };
  expect(costAndQuality(summarize([trialOf({ metrics }), trialOf({ metrics, model: 'ple' })]))).toEqual([]);
});
