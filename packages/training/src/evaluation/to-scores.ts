import { decodeLabel, type Task } from '@polytask/core';

const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/**
 * What a task's logits predict, in double precision: the probability of yes, the probabilities of the classes, or a number
 * in the label's own unit; row-major as the logits.
 */
export function toScores(task: Task, logits: Float32Array): Float64Array {
  if (task.kind === 'regression') return Float64Array.from(logits, (value) => decodeLabel(task, value));
  if (task.kind === 'binary') return Float64Array.from(logits, sigmoid);
  const width = task.classes!.length;
  const scores = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += width) {
    let top = -Infinity;
    for (let c = from; c < from + width; c++) top = Math.max(top, logits[c]!);
    let sum = 0;
    for (let c = from; c < from + width; c++) sum += scores[c] = Math.exp(logits[c]! - top);
    for (let c = from; c < from + width; c++) scores[c] = scores[c]! / sum;
  }
  return scores;
}
