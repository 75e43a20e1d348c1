import { fail, type Batch } from '@polytask/core';

/** Throws unless a batch has the rows that were asked for, and a label and a weight of each for every task. */
export function checkBatch(batch: Batch, rows: number, tasks: readonly string[]): void {
  const mend = 'Mend what gives the examples: `batch(rows)` has to fill in all that is asked for.';
  if (batch?.size !== rows) fail({ expected: `a batch of ${rows} rows`, received: String(batch?.size), mend });
  for (const task of tasks) {
    const [labels, weights] = [batch.labels[task], batch.weights[task]];
    if (labels?.length === rows && weights?.length === rows) continue;
    fail({
      expected: `${rows} labels and weights of task "${task}" in a batch`,
      received: `${labels?.length ?? 'no'} labels and ${weights?.length ?? 'no'} weights`,
      mend,
    });
  }
}
