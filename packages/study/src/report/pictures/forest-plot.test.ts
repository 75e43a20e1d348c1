import { expect, test } from 'vitest';
import { summarize } from '../../summary/summarize.ts';
import { trialsOf } from '../../testing/trial-of.ts';
import { forestPlots } from './row-plot.ts';
import { svgText } from './chart.ts';

/** The texts at the edges of a panel, and how many models it draws. */
function panelOf(differences: readonly number[]) {
  const trials = [0, ...differences].flatMap((difference, m) =>
    trialsOf(m === 0 ? 'single-task' : `model ${m}`, {
      auc: [0.7, 0.71, 0.73].map((auc, seed) => auc + difference + 0.0005 * ((seed + m) % 3)),
    }),
  );
  const text = svgText(forestPlots(summarize(trials))[0]!);
  const groups = [...text.matchAll(/<title>(model \d).*?<\/g>/g)];
  const at = (sign: string) => groups.filter(([group]) => group.includes(sign)).map(([, model]) => model);
  return { left: at('◀'), right: at('▶'), drawn: groups.filter(([group]) => group.includes('<circle')).length };
}

test('a model far from all others is named at the edge on its side', () => {
  expect(panelOf([0.001, 0.002, 0.001, 0.002, -0.2, 0.3])).toEqual({ left: ['model 5'], right: ['model 6'], drawn: 4 });
});

test('a model that has room between zero and the others is drawn, however close those are to each other', () => {
  expect(panelOf([-0.03, -0.0301, -0.0302, -0.0299, -0.03, -0.006])).toEqual({ left: [], right: [], drawn: 6 });
});

test('the longest name of a model under a balancer is written in full', () => {
  const longest = 'relationship-network + rotograd-scale@representation';
  const [plot] = forestPlots(
    summarize([
      ...trialsOf('single-task', { auc: [0.7, 0.71, 0.73] }),
      ...trialsOf(longest, { auc: [0.71, 0.71, 0.74] }),
    ]),
  );
  expect(svgText(plot!)).toContain(`>${longest}<`);
});

test('panels that do not fit beside each other begin a new row, which has the names of the models again', () => {
  const tasks = ['a', 'b', 'c', 'd', 'e'];
  const trials = ['single-task', 'adatt'].flatMap((model, m) =>
    trialsOf(model, { auc: [0.7, 0.71, 0.73] }).map((trial) => ({
      ...trial,
      metrics: Object.fromEntries(tasks.map((task) => [task, { auc: trial.metrics.click!.auc! + 0.01 * m }])),
    })),
  );
  const text = svgText(forestPlots(summarize(trials))[0]!);
  expect(text.match(/class="title">/g)).toHaveLength(5);
  expect(text.match(/<text[^>]*>adatt</g)).toHaveLength(2); // of the first row of panels, and the second
});

test('each main metric has its picture, also beside one that is not defined', () => {
  const trials = ['single-task', 'adatt'].flatMap((model, m) =>
    trialsOf(model, { auc: [NaN, NaN, NaN] }).map((trial, seed) => ({
      ...trial,
      metrics: { ...trial.metrics, hours: { rmse: 3 - 0.1 * m + 0.01 * seed, mae: 2 - 0.1 * m } },
    })),
  );
  expect(forestPlots(summarize(trials)).map(({ name }) => name)).toEqual(['differences-rmse']);
});
