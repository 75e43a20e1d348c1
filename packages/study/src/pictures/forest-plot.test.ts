import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialsOf } from '../testing/trial-of.ts';
import { forestPlots } from './forest-plot.ts';
import { renderSvg } from './pictures.ts';

/** The rows that a model's panel draws, and those that it names at an edge. */
function rowsOf(differences: readonly number[]) {
  const trials = [0, ...differences].flatMap((difference, m) =>
    trialsOf(m === 0 ? 'single-task' : `model ${m}`, {
      auc: [0.7, 0.71, 0.73].map((auc, seed) => auc + difference + 0.0005 * ((seed + m) % 3)),
    }),
  );
  const {
    concat: [panel],
  } = forestPlots(summarize(trials)).find(({ name }) => name === 'differences-auc')!.spec as unknown as {
    concat: {
      data: { values: { model: string }[] };
      layer: { data?: { values: { model?: string; left?: boolean }[] } }[];
    }[];
  };
  const names = (rows: readonly { model?: string; left?: boolean }[]) =>
    rows.map(({ model, left }) => `${model}${left === undefined ? '' : left ? ', left' : ', right'}`);
  return {
    drawn: names(panel!.data.values),
    named: names(panel!.layer.flatMap(({ data }) => data?.values ?? []).filter(({ model }) => model !== undefined)),
  };
}

test('a model far from all others is named at the edge on its side', () => {
  expect(rowsOf([0.001, 0.002, 0.001, 0.002, -0.2, 0.3]).named.sort()).toEqual(['model 5, left', 'model 6, right']);
});

test('a model that has room between zero and the others is drawn, however close those are to each other', () => {
  const { drawn, named } = rowsOf([-0.03, -0.0301, -0.0302, -0.0299, -0.03, -0.006]);
  expect(named).toEqual([]);
  expect(drawn).toHaveLength(6);
});

test('the longest name of a model under a balancer is written in full', async () => {
  const longest = 'relationship-network + rotograd-scale@representation';
  const [plot] = forestPlots(
    summarize([
      ...trialsOf('single-task', { auc: [0.7, 0.71, 0.73] }),
      ...trialsOf(longest, { auc: [0.71, 0.71, 0.74] }),
    ]),
  );
  expect(await renderSvg(plot!)).toContain(`>${longest}<`);
});

test('panels that do not fit beside each other begin a new row, which has the names of the models again', () => {
  const tasks = ['a', 'b', 'c', 'd', 'e'];
  const trials = ['single-task', 'adatt'].flatMap((model, m) =>
    trialsOf(model, { auc: [0.7, 0.71, 0.73] }).map((trial) => ({
      ...trial,
      metrics: Object.fromEntries(tasks.map((task) => [task, { auc: trial.metrics.click!.auc! + 0.01 * m }])),
    })),
  );
  const { columns, concat } = forestPlots(summarize(trials))[0]!.spec as unknown as {
    columns: number;
    concat: { layer: { encoding: { y?: { axis: object | null } } }[] }[];
  };
  expect(columns).toBe(4);
  const named = concat.map(({ layer }) => layer.some(({ encoding }) => encoding.y?.axis));
  expect(named).toEqual([true, false, false, false, true]);
});
