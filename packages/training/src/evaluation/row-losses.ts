import type { Task } from '@polytask/core';

/** log(1 + eᶻ), without overflow. */
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/**
 * The loss of one row, before its sample weight: what core's `rowLosses` computes on the device, in double precision.
 *
 * @param logits row-major [rows × width]
 * @param label as encoded rows have it, standardized for a regression: the loss is in (squared) deviations
 */
export function rowLoss(task: Task, logits: ArrayLike<number>, row: number, label: number): number {
  switch (task.kind) {
    case 'binary': {
      const z = logits[row]!;
      return (task.positiveWeight ?? 1) * label * softplus(-z) + (1 - label) * softplus(z);
    }
    case 'multiclass': {
      const width = task.classes!.length;
      const from = row * width;
      let top = -Infinity;
      for (let c = 0; c < width; c++) top = Math.max(top, logits[from + c]!);
      let sum = 0;
      for (let c = 0; c < width; c++) sum += Math.exp(logits[from + c]! - top);
      return top + Math.log(sum) - logits[from + label]!;
    }
    case 'regression': {
      const error = Math.abs(logits[row]! - label);
      if (task.loss === 'absolute') return error;
      if (task.loss !== 'huber') return error * error;
      return error <= 1 ? (error * error) / 2 : error - 0.5;
    }
  }
}
