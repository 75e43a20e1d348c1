import { capitalized } from '../report/format.ts';
import { metricRow, selectionMeasure } from '../summary/metric-rows.ts';
import type { ModelSummary, Summary } from '../summary/summary.ts';
import { type Picture, usualRange } from './picture.ts';
import { color, modelPoints } from './theme.ts';

type Cost = 'parameters' | 'multiplyAdds' | 'seconds';

const HEIGHT = 260;
/** The width of the legend, and the largest width of a character, in pixels. */
const LEGEND = 1000;
const CHARACTER = 7;

/**
 * The costs of the models (parameters, multiply-adds, seconds) against their quality. Quality is the mean AUC over tasks if all tasks
 * are binary, else the mean relative error. An outlier is named at the edge.
 *
 * @returns no picture for older trials without relative errors, if a task isn't binary
 */
export function costAndQuality(summary: Summary): Picture[] {
  const models = summary.models.filter(({ parameters }) => parameters > 0); // not those that were trained elsewhere
  if (models.length < 2) return [];
  const { tasks, qualityOf, ...measure } = qualityIn(summary);
  const all = models
    .map((model) => ({
      model: model.model,
      parameters: model.parameters,
      multiplyAdds: model.multiplyAdds,
      seconds: model.seconds.mean,
      quality: qualityOf(model),
    }))
    .filter(({ quality }) => Number.isFinite(quality));
  if (all.length < 2) return [];
  const { low, high } = usualRange(all.map(({ quality }) => quality));
  const room = 0.16 * (high - low || 0.01);
  const below = all.filter(({ quality }) => quality < low).sort((a, b) => b.quality - a.quality);
  const above = all.filter(({ quality }) => quality > high).sort((a, b) => a.quality - b.quality);
  /** The offset of the i-th name at an edge. */
  const line = (i: number) => (0.6 + 0.5 * i) * room;
  const values = all.map((each) => {
    const [under, over] = [below.indexOf(each), above.indexOf(each)];
    return {
      ...each,
      outside: under >= 0 ? `▼ ${each.quality.toFixed(3)}` : over >= 0 ? `▲ ${each.quality.toFixed(3)}` : '',
      shown: under >= 0 ? low - line(under) : over >= 0 ? high + line(over) : each.quality,
    };
  });
  const domain = [
    low - Math.max(room, line(below.length - 1) + 0.3 * room),
    high + Math.max(room, line(above.length - 1) + 0.3 * room),
  ];
  const names = models.map(({ model }) => model);
  const longest = Math.max(...names.map((name) => name.length));
  const legend = { orient: 'bottom', columns: Math.max(1, Math.floor(LEGEND / (CHARACTER * longest + 30))) };
  /** The middle of the costs on a logarithmic scale. */
  const middleOf = (field: Cost) => {
    const costs = values.map((each) => each[field]).filter((cost) => cost !== undefined);
    return Math.sqrt(Math.min(...costs) * Math.max(...costs));
  };
  const panel = (field: Cost, title: string) => ({
    width: 280,
    height: HEIGHT,
    data: { values },
    encoding: {
      x: {
        field,
        type: 'quantitative',
        scale: { type: 'log', padding: 16 },
        axis: { title, grid: false, tickCount: 4, format: field === 'seconds' ? '~g' : '~s' },
      },
      y: {
        field: 'shown',
        type: 'quantitative',
        scale: { domain, nice: false },
        axis: { title: tasks > 1 ? `${measure.mean} of ${tasks} tasks` : measure.label, tickCount: 5 },
      },
    },
    layer: [
      {
        transform: [{ filter: "datum.outside === ''" }],
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: modelPoints(names, legend),
      },
      ...(['left', 'right'] as const).map((align) => edgeNames(field, middleOf(field), align)),
    ],
  });
  const hasMultiplyAdds = values.every(({ multiplyAdds }) => multiplyAdds !== undefined);
  const panels = [
    panel('parameters', 'parameters'),
    ...(hasMultiplyAdds ? [panel('multiplyAdds', 'multiply-adds of a row')] : []),
    panel('seconds', 'seconds of a trial'),
  ];
  return [
    {
      name: 'cost-and-quality',
      caption:
        `${capitalized(tasks > 1 ? measure.explained : measure.label)} against what models cost ` +
        `(${measure.direction} is better); scales of cost are logarithmic`,
      spec: { hconcat: panels, spacing: 36 },
    },
  ];
}

/** The measure of quality, which doesn't depend on the units of the tasks. */
function qualityIn({ columns }: Pick<Summary, 'columns'>) {
  const tasks = [...new Set(columns.map(({ task }) => task))];
  const binary = columns.every(({ metric }) => metricRow(metric)?.measures === 'binary');
  return {
    ...selectionMeasure(binary ? 'auc' : 'relativeError'),
    tasks: tasks.length,
    qualityOf: ({ metrics, relativeErrors }: ModelSummary): number => {
      const values = tasks.map((task) => (binary ? metrics[task]?.auc : relativeErrors[task])?.mean ?? NaN);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    },
  };
}

/** The names of the models at the edges. They run towards the middle, so that they stay inside the panel. */
const edgeNames = (field: Cost, middle: number, align: 'left' | 'right'): object => ({
  transform: [
    { filter: `datum.outside !== '' && datum.${field} ${align === 'left' ? '<=' : '>'} ${middle}` },
    { calculate: "datum.outside + '  ' + datum.model", as: 'name' },
  ],
  mark: { type: 'text', fontSize: 11, align, dx: align === 'left' ? -4 : 4, color: color('quiet') },
  encoding: { text: { field: 'name' } },
});
