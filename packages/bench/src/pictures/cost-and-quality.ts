import { metricRow } from '../summary/metric-rows.ts';
import type { Summary } from '../summary/summary.ts';
import type { Picture } from './picture.ts';
import { SERIES } from './theme.ts';

/** What a model costs against how good it is: parameters and seconds beside the mean of the first metric over its tasks. */
export function costAndQuality({ models, columns }: Summary): Picture[] {
  const metric = columns[0]?.metric;
  if (metric === undefined || models.length < 2) return [];
  const tasks = columns.filter((column) => column.metric === metric).map(({ task }) => task);
  const label = metricRow(metric)?.label ?? metric;
  const names = models.map(({ model }) => model);
  const values = models
    .map(({ model, parameters, seconds, metrics }) => ({
      model,
      parameters,
      seconds: seconds.mean,
      quality: tasks.reduce((sum, task) => sum + metrics[task]![metric]!.mean, 0) / tasks.length,
    }))
    .filter(({ quality }) => Number.isFinite(quality));
  const panel = (field: 'parameters' | 'seconds', title: string) => ({
    width: 340,
    height: 260,
    data: { values },
    encoding: {
      x: { field, type: 'quantitative' as const, scale: { type: 'log' as const, nice: true, padding: 12 }, axis: { title, grid: false, tickCount: 4, format: field === 'parameters' ? '~s' : '~g' } },
      y: { field: 'quality', type: 'quantitative' as const, scale: { zero: false, padding: 12 }, axis: { title: tasks.length > 1 ? `mean ${label} of ${tasks.length} tasks` : label, tickCount: 5 } },
    },
    layer: [
      { mark: { type: 'point' as const, filled: true, size: 90, opacity: 1 }, encoding: { color: { field: 'model', type: 'nominal' as const, sort: names, scale: { domain: names, range: SERIES }, legend: { title: null } } } },
    ],
  });
  const better = metricRow(metric)?.direction === 'lower' ? 'lower' : 'higher';
  return [
    {
      name: 'cost-and-quality',
      caption: `Parameters, and seconds of a trial, against the mean ${label} of the tasks (${better} is better); both scales of cost are logarithmic`,
      spec: { hconcat: [panel('parameters', 'parameters'), panel('seconds', 'seconds of a trial')], spacing: 36 } as Picture['spec'],
    },
  ];
}
