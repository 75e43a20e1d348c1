import { fail, type Examples, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { breather } from '../breath.ts';
import type { Scorer } from '../engines/engine.ts';
import { checkBatch } from './check-batch.ts';
import { Meter } from './meter.ts';
import type { MetricTable } from './metric-table.ts';
import type { TaskScores } from './scores.ts';

/** What is measured of a model. */
export interface Measurement {
  readonly metrics: MetricTable;
  /** The group of each row. */
  readonly groups: GroupArray | undefined;
  /** Rows a forward pass. */
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
}

export const DEFAULT_BATCH = 4096;

/** The scores of all tasks over all rows, by an engine that has the model already. */
export async function measure<T extends Tasks>(
  scorer: Scorer,
  model: MultiTaskModel<T>,
  examples: Examples<T>,
  { metrics, groups, batchSize, signal }: Measurement,
): Promise<Record<string, TaskScores>> {
  const meters = model.taskNames.map((task) => new Meter(task, model.schema.tasks[task]!, metrics[task]!));
  const breathe = breather();
  for (let from = 0; from < examples.size; from += batchSize) {
    signal?.throwIfAborted();
    const rows = Uint32Array.from({ length: Math.min(batchSize, examples.size - from) }, (_, i) => from + i);
    const batch = examples.batch(rows);
    checkBatch(batch, rows.length, model.taskNames);
    const logits = await scorer.logits(batch);
    const own = groups && Array.from(rows, (row) => groups[row]!);
    for (const meter of meters) meter.update(batch, logits[meter.task]!, own);
    await breathe();
  }
  return Object.fromEntries(meters.map((meter) => [meter.task, meter.scores()]));
}

export function checkGroups(groups: GroupArray | undefined, rows: number): void {
  if (groups === undefined || groups?.length === rows) return;
  fail({
    expected: `${rows} groups, one a row`,
    received: String(groups?.length ?? groups),
    mend: 'Take them from the same table, in its order.',
  });
}
