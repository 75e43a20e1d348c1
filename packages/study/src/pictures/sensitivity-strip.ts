import { capitalized } from '../report/format.ts';
import { selectionMeasure } from '../summary/metric-rows.ts';
import { formatValues } from '../summary/sensitivity.ts';
import type { Summary } from '../summary/summary.ts';
import { type Picture, usualRange } from './picture.ts';
import { color, modelRows, SERIES } from './theme.ts';

const ROW = 26;
const WIDTH = 520;

/**
 * The scores of each model under the configurations of its search. A row is a model, a dot is a configuration. The color shows the learning
 * rate, the shape the other hyper-parameters, a ring the chosen configuration. Outliers appear as numbers at the edge.
 */
export function sensitivityStrips({ sensitivity, models, config }: Summary): Picture[] {
  const all = sensitivity.flatMap(({ model, tried }) =>
    tried
      .filter(({ score }) => !Number.isNaN(score))
      .map(({ values, score }) => {
        const { learningRate, ...others } = values;
        const chosen = models.find((each) => each.model === model)?.chosen;
        return {
          model,
          score,
          rate: learningRate,
          others: formatValues(others),
          values: formatValues(values),
          chosen: chosen !== undefined && formatValues(chosen) === formatValues(values),
        };
      }),
  );
  if (all.length < 2) return [];
  const { mean } = selectionMeasure(config.training.selection);
  const { low, high } = usualRange(all.map(({ score }) => score));
  const room = 0.05 * (high - low || 0.01);
  const inside = all.filter(({ score }) => score >= low && score <= high);
  const names = sensitivity.map(({ model }) => model);
  const byRate = all.every(({ rate }) => rate !== undefined);
  const series = byRate
    ? [...new Set(all.map(({ rate }) => Number(rate)))].sort((a, b) => a - b).map(String)
    : [...new Set(all.map(({ values }) => values))];
  const shapes = byRate ? [...new Set(all.map(({ others }) => others))] : [];
  const y = modelRows(names, { grid: true });
  const x = {
    field: 'score',
    type: 'quantitative',
    scale: { domain: [low - room, high + room], nice: false },
    axis: { title: `${mean} of the validation rows`, tickCount: 6, grid: false },
  };
  const outside = (side: 'left' | 'right') => ({
    data: {
      values: outsideOf(all, side === 'left' ? (score) => score < low : (score) => score > high).map((row) => ({
        ...row,
        text: side === 'left' ? `◀ ${row.text}` : `${row.text} ▶`,
      })),
    },
    mark: { type: 'text', align: side, fontSize: 10, dy: -8, color: color('quiet') },
    encoding: { x: { value: side === 'left' ? 2 : WIDTH - 2 }, y, text: { field: 'text' } },
  });
  const palette = {
    scale: { domain: series, range: SERIES },
    legend: { title: byRate ? 'learning rate' : null, symbolLimit: 40 },
  };
  const spec = {
    width: WIDTH,
    height: ROW * names.length,
    data: { values: inside.map((each) => ({ ...each, series: byRate ? String(each.rate) : each.values })) },
    layer: [
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 0.85 },
        encoding: {
          ...{ x, y, color: { field: 'series', type: 'nominal', sort: series, ...palette } },
          ...(shapes.length > 1 &&
            shapes.length <= 6 && {
              shape: {
                field: 'others',
                type: 'nominal',
                sort: shapes,
                scale: { domain: shapes },
                legend: { title: null },
              },
            }),
        },
      },
      {
        transform: [{ filter: 'datum.chosen' }],
        mark: { type: 'point', filled: false, size: 170, strokeWidth: 1.4, color: color('ink'), shape: 'circle' },
        encoding: { x, y },
      },
      outside('left'),
      outside('right'),
    ],
  };
  return [
    {
      name: 'sensitivity',
      caption:
        `${capitalized(mean)} on the validation rows of the search's seed under each configuration ` +
        'that was trained in full; a ring is the one that was chosen',
      spec,
    },
  ];
}

/** The outliers of each model as a text. */
function outsideOf(
  all: readonly { readonly model: string; readonly score: number }[],
  is: (score: number) => boolean,
): { model: string; text: string }[] {
  const far = all.filter(({ score }) => is(score));
  return [...new Set(far.map(({ model }) => model))].map((model) => ({
    model,
    text: far
      .filter((each) => each.model === model)
      .map(({ score }) => score.toFixed(3))
      .join(', '),
  }));
}
