import type { ColumnDrift } from '@polytask/data';
import type { LabelScores } from './label-watch.ts';
import type { ModelSlot } from './model-slot.ts';
import type { Shadow } from './shadow.ts';

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384];

/** The values of a metric: numbers after the values of the metric's labels. */
type Values = Iterable<readonly [...string[], number]>;

export async function serviceMetrics(slot: ModelSlot, shadow: Shadow | undefined) {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const named = (name: string, help: string) => ({ name: `polytask_${name}`, help, registers: [registry] });
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, labelNames: readonly string[], read: () => Values) =>
    new Gauge({
      ...{ ...named(name, help), labelNames },
      collect() {
        this.reset();
        for (const values of read()) {
          const number = values.at(-1) as number;
          if (Number.isNaN(number)) continue;
          this.set(Object.fromEntries(labelNames.map((label, i) => [label, values[i]!])), number);
        }
      },
    });
  gauge('queue_rows', 'Rows that wait for their prediction', [], () => [[slot.current.batcher.queueRows()]]);
  gauge('model_since_seconds', 'When the model began to answer, in seconds since 1970', ['model'], () => [
    [slot.current.id ?? 'none', slot.current.since.getTime() / 1000],
  ]);
  const reloads = 'How often a replaced model was loaded, and how often it could not be';
  gauge('reloads', reloads, ['result'], () => Object.entries(slot.reloads));

  let drift = slot.current.watch.drift();
  gauge('watched_rows', 'The latest rows, which the following metrics describe', [], () => {
    drift = slot.current.watch.drift(); // the first of these gauges computes it for all
    return [[drift.rows]];
  });
  const ofColumns = (
    kind: 'feature' | 'prediction',
    name: string,
    help: string,
    valueOf: (of: ColumnDrift) => number,
  ) => gauge(`${kind}_${name}`, help, [kind], () => drift[`${kind}s`].map((column) => [column.name, valueOf(column)]));
  ofColumns('feature', 'missing_share', 'The share of missing values', ({ missing }) => missing.now);
  const unseen = 'The share of unknown ids, or of numbers out of range';
  ofColumns('feature', 'unseen_share', unseen, (column) => column.unseen.now);
  ofColumns('prediction', 'mean', 'The mean prediction', ({ mean }) => mean?.now ?? NaN);
  for (const kind of ['feature', 'prediction'] as const) {
    ofColumns(kind, 'psi', 'The population stability index against the training', ({ psi }) => psi);
    ofColumns(kind, 'psi_limit', 'Without drift, one PSI of a thousand is above', ({ limit }) => limit);
  }

  for (const [prefix, models] of Object.entries({ '': slot, ...(shadow && { shadow_: shadow.slot }) })) {
    const scores = () => models.current.labels.scores();
    const ofTasks = (name: string, help: string, valueOf: (scores: LabelScores) => number) =>
      gauge(prefix + name, help, ['task'], () => scores().map(([task, each]) => [task, valueOf(each)]));
    ofTasks('labels', 'The latest labels, which the following metrics describe', ({ labels }) => labels);
    ofTasks('label_mean', 'The mean label', ({ label }) => label);
    ofTasks('label_bias', 'The mean prediction minus the mean label', ({ label, prediction }) => prediction - label);
    const help = 'How right predictions are, by the metrics of the training';
    gauge(`${prefix}label_score`, help, ['task', 'metric'], () =>
      scores().flatMap(([task, { metrics }]) =>
        Object.entries(metrics).map(([metric, value]) => [task, metric, value] as const),
      ),
    );
  }
  if (shadow) {
    const rows = 'Rows that the shadow has predicted, has failed at, and has skipped';
    gauge('shadow_rows', rows, ['result'], () => Object.entries(shadow.counts));
    gauge('shadow_mean_difference', 'The mean absolute difference of the predictions', ['task'], () =>
      [...shadow.differences].map(([task, { values, difference }]) => [task, difference / values]),
    );
    gauge('shadow_changed_share', 'The share of other decisions', ['task'], () =>
      [...shadow.differences].map(([task, { decisions, changed }]) => [task, changed / decisions]),
    );
  }
  return {
    registry,
    requests: new Counter({
      ...named('requests_total', 'Answered requests'),
      labelNames: ['method', 'route', 'status'],
    }),
    refused: new Counter(
      named('refused_connections_total', 'Connections that were closed because there were too many'),
    ),
    seconds: new Histogram({
      ...named('request_seconds', "Seconds from a request's head to the end of its answer"),
      labelNames: ['route', 'status'],
      buckets: SECONDS,
    }),
    batchRows: new Histogram({ ...named('batch_rows', 'Rows in each run of the model'), buckets: ROWS }),
  };
}
