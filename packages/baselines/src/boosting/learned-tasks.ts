import { sum, fail } from '@polytask/components';
import type { BinnedColumns, BoostingModel } from '@polytask/boosting';
import { doubleMath, labelsOf, logitsOf, rowLossOf, lossOf, type Batch, type Schema, type Task } from '@polytask/core';
import { canBoost, hasSeveralScores, targetOf, type TaskTarget } from './can-boost.ts';

/** A task that trees learn. */
export interface LearnedTask {
  readonly name: string;
  readonly task: Task;
  readonly target: TaskTarget;
  readonly outputs: number;
  readonly parts: readonly Part[];
}

/** Outputs of a task that are one boosting model. */
export interface Part {
  /** The first one among the outputs of the task, and among those of all tasks. */
  readonly output: number;
  readonly place: number;
  readonly count: number;
}

/** The models of parts that have labels, or had some in an earlier training. */
export type PartModels = ReadonlyMap<Part, BoostingModel>;

/** @throws PolytaskError for a task whose loss compares rows */
export function learnedTasks(tasks: Schema['tasks']): LearnedTask[] {
  let first = 0;
  return Object.entries(tasks).map(([name, task]) => {
    if (!canBoost(task))
      fail({
        expected: 'a loss of single rows for trees',
        received: `${lossOf(task).name} for task "${name}"`,
        fix: 'Choose another loss, or train a network.',
      });
    const [target, outputs] = [targetOf(name, task), logitsOf(name, task)];
    const count = hasSeveralScores(target) ? outputs : 1;
    const parts = Array.from({ length: outputs / count }, (_, part) => ({
      ...{ output: part * count, place: first + part * count, count },
    }));
    first += outputs;
    return { name, task, target, outputs, parts };
  });
}

export interface LabeledRows {
  readonly columns: BinnedColumns;
  /** How many of the rows have a label of the task. */
  count(task: LearnedTask): number;
  /** What trees learn for an output: NaN in rows without a label of the task. */
  of(task: LearnedTask, output: number): { readonly labels: Float32Array; readonly weights: Float32Array };
  /** The loss of a task, as networks have it; NaN without labels. */
  loss(task: LearnedTask, models: PartModels): number;
}

/** The rows with a label of at least one of these tasks. @param table the columns of all rows of the batch */
export function labeledRows(tasks: readonly LearnedTask[], batch: Batch, table: BinnedColumns): LabeledRows {
  const known = tasks.map(({ name }) => labelsOf(batch, name));
  const chosen = Uint32Array.from({ length: batch.size }, (_, row) => row).filter((row) =>
    known.some(({ weights }) => weights[row]! > 0),
  );
  const areAll = chosen.length === batch.size;
  const columns = areAll ? table : table.select(chosen);
  const own = (task: LearnedTask) => {
    const { labels, weights } = known[tasks.indexOf(task)]!;
    const pick = (of: Float32Array) => (areAll ? of : Float32Array.from(chosen, (row) => of[row]!));
    return { labels: pick(labels), weights: pick(weights) };
  };
  return {
    columns,
    count: (task) => sum(own(task).weights, (weight) => Number(weight > 0)),
    of(task, output) {
      const { label, weight } = task.target;
      const { labels, weights } = own(task);
      return {
        labels: labels.map((each, row) => (weights[row]! > 0 ? (label?.(each, output) ?? each) : NaN)),
        weights: weight ? weights.map((each, row) => (each > 0 ? each * weight(labels[row]!) : 0)) : weights,
      };
    },
    loss(task, models) {
      const { labels, weights } = own(task);
      const { outputs, parts } = task;
      const loss = rowLossOf(lossOf(task.task), outputs);
      const scores = parts.map((part) => models.get(part)?.predict(columns, { rawScore: true }));
      const scoreOf = (row: number, output: number) => {
        const { count } = parts[0]!;
        return scores[Math.floor(output / count)]![row * count + (output % count)]!;
      };
      let [all, total] = [0, 0];
      for (let row = 0; row < labels.length; row++) {
        if (!(weights[row]! > 0)) continue;
        const z = outputs === 1 ? scoreOf(row, 0) : Array.from({ length: outputs }, (_, i) => scoreOf(row, i));
        all += weights[row]! * (loss(z, labels[row]!, doubleMath) as number);
        total += weights[row]!;
      }
      return all / total;
    },
  };
}
