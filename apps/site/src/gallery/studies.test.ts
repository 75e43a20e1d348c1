import { expect, it } from 'vitest';
import { differenceText, firstTrial, heatMaps, measured, readStudies, trialsOf, widestOf } from './studies.ts';

const studies = readStudies();

it('reads what docs/results says of AdaTT on census-income', () => {
  const [small] = measured(studies, 'adatt').filter(({ study }) => study.folder === 'docs/results/paper-table-5');
  expect(small).toMatchObject({ setting: '6 experts of 128/64', baseline: 'single-task' });
  expect(small!.differences.map((row) => `${row.task} ${differenceText(row)}`)).toEqual([
    'education +0.0002 ±0.0001 ▲',
    'income +0.0006 ±0.0001 ▲',
    'marital +0.00000 ±0.00001',
  ]);
});

it('has no difference of the baseline', () => {
  const own = measured(studies, 'single-task').filter(({ baseline }) => baseline === 'single-task');
  expect(own.length).toBeGreaterThan(0);
  expect(own.flatMap(({ differences }) => differences)).toEqual([]);
});

it('finds the comparison of the most models, and draws their heat maps', async () => {
  const widest = widestOf(studies, ['single-task', 'adatt', 'sluice', 'mtan', 'home']);
  expect(widest.folder).toBe('docs/results/related-work');
  const trials = await trialsOf(widest);
  const maps = heatMaps(firstTrial(trials, 'adatt')!);
  expect(maps.map(({ name }) => name)).toEqual(['fusion-adatt-level-1', 'fusion-adatt-level-2']);
  expect(maps[1]!.svg).toMatch(/^<svg [^>]*role="img" aria-label="adatt, level 2[^"]*".*>marital</s);
  expect(heatMaps(firstTrial(trials, 'logistic-regression')!)).toEqual([]);
});
