import { capitalized } from '../../format.ts';
import { selectionMeasure } from '../../summary/metric-entries.ts';
import { formatValues } from '../../summary/sensitivity.ts';
import type { Summary } from '../../summary/summary.ts';
import { dot, label, legend, stacked, type Picture, drawPicture } from './chart.ts';
import { h, tooltip } from './markup.ts';
import { edgeText, rowPlot } from './row-plot.ts';
import { usualRange } from './scale.ts';
import { seriesClass } from './theme.ts';

const WIDTH = 520;
/** The largest number of learning rates, or configurations, that have a color in the legend. */
const MOST = 24;

/**
 * The scores of each model under the configurations of its search. A row is a model, a dot is a configuration. The color shows the learning
 * rate, or the configuration where not all have one; a ring the chosen configuration. Outliers appear as numbers at the edge.
 */
export function sensitivityStrips({ sensitivity, models, config }: Summary): Picture[] {
  const all = sensitivity.flatMap(({ model, tried }) => {
    const chosen = models.find((each) => each.model === model)?.chosen;
    return tried
      .filter(({ score }) => !Number.isNaN(score))
      .map(({ values, score }) => {
        const [text, rate] = [formatValues(values), values['learningRate']];
        return { model, score, rate, text, chosen: chosen !== undefined && formatValues(chosen) === text };
      });
  });
  if (all.length < 2) return [];
  const { mean, digits } = selectionMeasure(config.training.selection);
  const { low, high } = usualRange(all.map(({ score }) => score));
  const room = 0.05 * (high - low || 0.01);
  const byRate = all.every(({ rate }) => rate !== undefined);
  const keys = byRate
    ? [...new Set(all.map(({ rate }) => Number(rate)))].sort((a, b) => a - b).map(String)
    : [...new Set(all.map(({ text }) => text))];
  const rows = sensitivity.map(({ model: name }) => {
    const own = all.filter(({ model }) => model === name);
    const outside = (side: 'left' | 'right', is: (score: number) => boolean, y: number) => {
      const scores = own.filter(({ score }) => is(score)).map(({ score }) => score.toFixed(3));
      return scores.length > 0 && edgeText(side, y, scores.join(', '), WIDTH);
    };
    return {
      name,
      draw: (x: (value: number) => number, y: number) => [
        own
          .filter(({ score }) => score >= low && score <= high)
          .map(({ score, rate, text, chosen }) =>
            h(
              'g',
              { class: seriesClass(keys.indexOf(byRate ? String(rate) : text)) },
              dot(x(score), y, 4, tooltip(`${name}, ${text}: ${score.toFixed(digits)}`)),
              chosen && h('circle', { class: 'ring', cx: x(score), cy: y, r: 7 }),
            ),
          ),
        outside('left', (score) => score < low, y),
        outside('right', (score) => score > high, y),
      ],
    };
  });
  const domain = [low - room, high + room] as const;
  const plot = rowPlot({ xTitle: `${mean} of the validation rows`, rows, domain, width: WIDTH });
  const title = { width: 100, height: 12, content: label(0, 10, 'learning rate') };
  const key = keys.length <= MOST ? [...(byRate ? [title] : []), legend(keys, plot.width, true)] : [];
  return [
    drawPicture(
      'sensitivity',
      `${capitalized(mean)} on the validation rows of the search's seed under each configuration ` +
        'that was trained in full; a ring is the one that was chosen',
      stacked([plot, ...key]),
    ),
  ];
}
