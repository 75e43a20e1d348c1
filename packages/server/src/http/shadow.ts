import { predictionTypeOf, type Predictions, type Row, type Task, type Tasks } from '@polytask/core';
import { likeliestOf } from '../row-predictions.ts';
import { BadRows } from './http-error.ts';
import type { ModelSlot } from './model-slot.ts';
import type { ServedModel } from './served-model.ts';
import type { ServiceLimits } from './serve-options.ts';

/** How the predictions of a task differ: how many numbers and decisions were compared, and by how much they differ. */
const noDifference = () => ({ values: 0, difference: 0, decisions: 0, changed: 0 });

export type Shadow = ReturnType<typeof shadowOf>;

/** A second model that predicts each request after its answer. What it does never reaches a client. */
export function shadowOf(slot: ModelSlot, { maxBatchRows, onError }: Pick<ServiceLimits, 'maxBatchRows' | 'onError'>) {
  /** Since the service started. */
  const counts = { rows: 0, failed: 0, skipped: 0 };
  /** By task, since the latest change of one of the two models. */
  const differences = new Map<string, ReturnType<typeof noDifference>>();
  let models: readonly (ServedModel | undefined)[] = [];
  let reported: ServedModel | undefined;

  /** Rows are skipped while the shadow has more to do than a run takes. */
  const use = async (rows: readonly Row[], action: (current: ServedModel) => Promise<unknown>): Promise<void> => {
    const { current } = slot;
    if (current.batcher.queueRows() >= maxBatchRows) {
      counts.skipped += rows.length;
      return;
    }
    try {
      await current.use(() => action(current));
      counts.rows += rows.length;
    } catch (error) {
      counts.failed += rows.length;
      if (reported === current) return; // once for a model
      reported = current;
      const { message } = error instanceof BadRows ? error.faults[0]! : (error as Error);
      onError(new Error(`The shadow model fails: ${message}`, { cause: error }));
    }
  };
  const add = ([tasks, predictions]: Predicted, [otherTasks, others]: Predicted, rows: number) => {
    for (const [name, task] of Object.entries(tasks)) {
      const [own, other] = [predictions[name]!, others[name]];
      if (!other || other.length !== own.length) continue; // the shadow has no such task
      const sums = differences.get(name) ?? noDifference();
      sums.values += own.length;
      own.forEach((value, i) => (sums.difference += Math.abs(value - other[i]!)));
      const [decide, decideOther] = [deciderOf(task), deciderOf(otherTasks[name]!)];
      for (let row = 0; decide && decideOther && row < rows; row++) {
        sums.decisions++;
        sums.changed += Number(decide(own, row) !== decideOther(other, row));
      }
      differences.set(name, sums);
    }
  };
  return {
    ...{ slot, counts, differences },
    compare: (served: ServedModel, rows: readonly Row[], predictions: Predictions): Promise<void> =>
      use(rows, async (current) => {
        const others = await current.predict(await current.read(await current.rowsOf(rows)));
        if (models[0] !== served || models[1] !== current) {
          models = [served, current];
          differences.clear();
        }
        add([served.predictor.schema.tasks, predictions], [current.predictor.schema.tasks, others], rows.length);
      }),
    compareLabels: (rows: readonly Row[]): Promise<void> => use(rows, (current) => current.compareLabels(rows)),
  };
}

type Predicted = readonly [tasks: Tasks, predictions: Predictions];

/** The decision on a row: yes from the threshold on, 0.5 by default; or the likeliest class. Undefined for numbers. */
function deciderOf(task: Task): ((scores: Float32Array, row: number) => number) | undefined {
  const { hasDecision, isExclusive, names } = predictionTypeOf(task);
  const at = task.calibrated?.threshold?.at ?? 0.5;
  if (hasDecision) return (scores, row) => Number(scores[row]! >= at);
  return isExclusive ? (scores, row) => likeliestOf(scores, names.length, row) : undefined;
}
