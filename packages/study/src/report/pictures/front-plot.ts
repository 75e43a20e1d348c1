import type { TradeOffPoint } from '../../summary/fronts.ts';
import { type Drawing, label, legend, stacked } from './chart.ts';
import { chartScales, lineChart } from './line-chart.ts';
import { h, short, tooltip } from './markup.ts';
import { roomyRange } from './scale.ts';
import { seriesClass } from './theme.ts';

/**
 * Points with their intervals as crosses, hollow where they are dominated beyond chance. A line goes from weight to weight of a model. The
 * dashed line is the Pareto front of all means.
 *
 * @param fronts points by the names of models
 * @param axes the titles: `AUC of click ↑`
 */
export function frontPlot(
  fronts: ReadonlyMap<string, readonly TradeOffPoint[]>,
  axes: { readonly x: string; readonly y: string },
  direction: 'higher' | 'lower',
): Drawing {
  const all = [...fronts.values()].flat();
  const rangeOf = (end: 'score' | 'others') =>
    roomyRange(
      all.flatMap(({ [end]: { mean, low, high } }) => [mean, low, high]),
      0.06,
    );
  const chart = {
    ...{ title: axes.y, range: rangeOf('others'), height: 400 },
    ...{ xTitle: axes.x, xRange: rangeOf('score'), width: 560, xTicks: 6 },
    series: [...fronts].map(([name, points], i) => ({
      ...{ name, look: seriesClass(i) },
      points: points.map(({ score, others }) => [score.mean, others.mean] as const),
    })),
  };
  const { x, y } = chartScales(chart);
  const at = ({ score, others }: TradeOffPoint) => [short(x(score.mean)), short(y(others.mean))] as const;
  const marks = (name: string, points: readonly TradeOffPoint[]) =>
    points.map((point, i) => {
      const { score, others, weight, isDominated } = point;
      const [cx, cy] = at(point);
      const across = Number.isFinite(score.low) ? `M${short(x(score.low))} ${cy}H${short(x(score.high))}` : '';
      const along = Number.isFinite(others.low) ? `M${cx} ${short(y(others.low))}V${short(y(others.high))}` : '';
      const fill = isDominated ? 'var(--paper)' : 'currentColor';
      return [
        h('path', { stroke: 'currentColor', 'stroke-opacity': '0.6', d: across + along }),
        h('circle', { cx, cy, r: 4.5, fill, stroke: 'currentColor' }, tooltip(`${name}, weight ${weight}`)),
        (i === 0 || i === points.length - 1) && label(cx + 7, cy - 6, String(weight)),
      ];
    });
  const corners = all.filter(({ isOnFront }) => isOnFront).map(at);
  const steps = corners
    .sort(([a], [b]) => a - b)
    .map(([px, py], i) => (i === 0 ? `M${px} ${py}` : direction === 'higher' ? `V${py}H${px}` : `H${px}V${py}`)); // over what both beat
  const plot = lineChart(chart);
  const content = [
    plot.content,
    h('path', { class: 'zero', fill: 'none', d: steps.join('') }),
    [...fronts].map(([name, points], i) => h('g', { class: seriesClass(i) }, marks(name, points))),
  ];
  return stacked([{ ...plot, content }, legend([...fronts.keys()], plot.width)]);
}
