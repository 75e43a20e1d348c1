import { checks, defineTask, mse, type TaskKind } from '@polytask/core';
import { defineLabel } from '@polytask/data';

const MINUTES = { min: 1, h: 60 };

/** The label in minutes, from cells such as `14.1`, `14 min` and `1.5 h`. Replace the columns, what their cells mean, and what a fit finds. */
const duration = defineLabel('my-package/my-component', {
  columns: (column) => ({ [column]: 'text' }),
  read([cell]) {
    if (cell === null) return NaN; // no label
    const [, number, unit = 'min'] = /^(\d+(?:\.\d+)?)\s*(min|h)?$/.exec(String(cell).trim()) ?? [];
    return number === undefined ? undefined : Number(number) * MINUTES[unit as keyof typeof MINUTES]; // undefined is an error
  },
  words: 'a duration such as 14.1, 14 min or 1.5 h',
  like: 'number', // metrics of numbers measure it
  fitted: { mean: checks.number() },
  fit() {
    let [sum, total] = [0, 0];
    return {
      add(minutes, weight) {
        sum += weight * minutes;
        total += weight;
      },
      finish: () => ({ mean: sum / total || 1 }),
    };
  },
  unit: () => ({ scale: 'mean' }), // the mean of the training rows divides it
  madeUp: (score) => 10 * Math.exp(score / 4),
  cells: (column) => ({ [column]: ['5', '12.5', '20 min', '0.5 h', '1.5 h'] }),
  description: 'a duration',
  package: 'my-package',
});

/**
 * Declares a task that predicts a duration in minutes, [rows]. Replace prediction, loss and metrics by yours.
 *
 * @throws PolytaskError when an option is unknown, or has a value that doesn't fit
 * @example myComponent({ from: 'stay' })
 */
export const myComponent = defineTask(
  'my-package/my-component',
  (): TaskKind => ({ label: duration(), prediction: { type: 'number' }, loss: () => mse(), metrics: ['mae'] }),
  { losses: ['mse'], description: 'a duration in minutes', package: 'my-package' },
);
