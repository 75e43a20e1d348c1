import { fail, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { createYielder } from '../event-loop.ts';
import type { Scorer } from '../engine.ts';
import { evaluationBatches, haveGroups, type RowSource } from '../rows/rows.ts';
import { Meter } from './meter.ts';
import type { MetricTable } from './metric-table.ts';
import type { PredictionCollector } from './predictions.ts';
import type { TaskScores } from './scores.ts';

/** The options of a measurement. */
export interface Measurement {
  readonly metrics: MetricTable;
  /** The group of each row. Default: those that the batches have. */
  readonly groups: GroupArray | undefined;
  /** Rows in a forward pass, those of all members of the model counted. */
  readonly batchSize: number;
  readonly signal: AbortSignal | undefined;
  /** The collectors of predictions, by task. Default: predictions are not collected. */
  readonly collectors?: Readonly<Record<string, PredictionCollector>> | undefined;
}

export const DEFAULT_BATCH = 4096;

/** Computes the scores of all tasks over all rows. */
export async function measure<T extends Tasks>(
  scorer: Scorer,
  model: MultiTaskModel<T>,
  examples: RowSource<T>,
  { metrics, groups, batchSize, signal, collectors }: Measurement,
): Promise<Record<string, TaskScores>> {
  const meters = model.taskNames.map(
    (task) =>
      new Meter(task, model.schema.tasks[task]!, metrics[task]!, {
        members: model.members,
        collector: collectors?.[task],
      }),
  );
  const yieldToEventLoop = createYielder();
  let rows = 0;
  const grouped = haveGroups(examples, model.schema.tasks);
  for await (const batch of evaluationBatches(
    examples,
    Math.ceil(batchSize / model.members),
    model.taskNames,
    grouped,
  )) {
    signal?.throwIfAborted();
    const logits = await scorer.logits(batch);
    const own = groups ? groupsFrom(groups, rows, batch.size) : batch.groups && distinct(batch.groups, rows);
    rows += batch.size;
    for (const meter of meters) meter.update(batch, logits[meter.task]!, own);
    await yieldToEventLoop();
  }
  checkGroups(groups, rows);
  return Object.fromEntries(meters.map((meter) => [meter.task, meter.scores()]));
}

/** The groups of a batch, with a number of its own for each row without a group. @param from the number of earlier rows */
const distinct = (groups: Int32Array, from: number): Int32Array =>
  groups.map((group, row) => (group < 0 ? ~(from + row) : group));

/** The groups of some rows. */
function groupsFrom(groups: GroupArray, from: number, count: number): (number | string)[] {
  if (from + count > groups.length) checkGroups(groups, from + count);
  return Array.from({ length: count }, (_, i) => groups[from + i]!);
}

/** @throws PolytaskError when the number of groups is not the number of rows */
export function checkGroups(groups: GroupArray | undefined, rows: number): void {
  if (groups === undefined || groups?.length === rows) return;
  fail({
    expected: `${rows} groups, one a row`,
    received: String(groups?.length ?? groups),
    fix: 'Take them from the same table, in its order.',
  });
}
