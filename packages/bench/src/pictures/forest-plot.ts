import { metricRow } from '../summary/metric-rows.ts';
import type { Summary } from '../summary/summary.ts';
import { differenceRows } from '../report/difference-rows.ts';
import type { Picture } from './picture.ts';
import { colour } from './theme.ts';

const ROW = 22;
const WIDTH = 240;

/**
 * Differences from the baseline with their 95% t intervals, a panel a task; one picture for each metric. The colour is the
 * verdict, the thin line the bootstrap interval.
 */
export function forestPlots(summary: Summary): Picture[] {
  const rows = differenceRows(summary).filter(({ difference }) => !Number.isNaN(difference));
  const order = summary.models.map(({ model }) => model).filter((model) => model !== summary.baseline);
  return Object.keys(summary.comparisons).flatMap((metric): Picture[] => {
    const own = rows.filter((row) => row.metric === metric);
    if (own.length === 0) return [];
    const label = metricRow(metric)?.label ?? metric;
    const better = metricRow(metric)?.direction === 'lower' ? 'lower' : 'higher';
    const tasks = [...new Set(own.map(({ task }) => task))];
    const y = { field: 'model', type: 'nominal' as const, sort: order, scale: { domain: order }, axis: { title: null, grid: false, ticks: false, domain: false, labelPadding: 8, labelFontSize: 12, labelColor: colour('ink') } };
    const verdictColour = {
      condition: [
        { test: "datum.verdict === 'better'", value: colour('good') },
        { test: "datum.verdict === 'worse'", value: colour('bad') },
      ],
      value: colour('quiet'),
    };
    const panel = (task: string, i: number) => ({
      title: { text: task, anchor: 'middle' as const, offset: 6 },
      width: WIDTH,
      height: ROW * order.length,
      data: { values: own.filter((row) => row.task === task).map(plain) },
      encoding: { y: i === 0 ? y : { ...y, axis: null } },
      layer: [
        { mark: { type: 'rule' as const, color: colour('quiet'), strokeDash: [3, 3] }, data: { values: [{ zero: 0 }] }, encoding: { x: { field: 'zero', type: 'quantitative' as const }, y: {} } },
        { mark: { type: 'rule' as const, strokeWidth: 1, opacity: 0.6 }, encoding: { x: { field: 'bootstrapLow', type: 'quantitative' as const }, x2: { field: 'bootstrapHigh' }, yOffset: { value: ROW / 2 + 5 }, color: { value: colour('quiet') } } },
        { mark: { type: 'rule' as const, strokeWidth: 2 }, encoding: { x: { field: 'low', type: 'quantitative' as const, axis: { title: `${label} minus ${summary.baseline}` , tickCount: 5 } }, x2: { field: 'high' }, color: verdictColour } },
        { mark: { type: 'point' as const, filled: true, size: 60, opacity: 1 }, encoding: { x: { field: 'difference', type: 'quantitative' as const }, color: verdictColour } },
      ],
    });
    return [
      {
        name: `differences-${metric}`,
        caption: `${label} minus that of ${summary.baseline}, by task (${better} is better): mean over seeds, 95% t interval (thick) and bootstrap interval (thin); green better, red worse after Holm's correction, grey no difference shown`,
        spec: { hconcat: tasks.map(panel), spacing: 24 } as Picture['spec'],
      },
    ];
  });
}

/** Undefined bounds (one seed) are left out of the picture. */
const plain = (row: Readonly<Record<string, unknown>> | object): object =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'number' && Number.isNaN(value) ? null : (value as unknown)]));
