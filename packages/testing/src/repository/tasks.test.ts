import { binary, huber, multiclass, regression, type Task } from '@polytask/core';
import {
  amount,
  count,
  gaussian,
  multiLabel,
  ordinal,
  quantiles,
  share,
  survival,
  tweedie,
} from '@polytask/core/tasks';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { untested } from '../cases/case.ts';
import { testTask } from '../kinds/task.ts';

/** Every kind of task of core. A new one is a row here. */
const TASKS: readonly Task[] = [
  binary(),
  binary({ positiveWeight: 3 }),
  multiclass({ classes: ['low', 'middle', 'high'] }),
  regression(),
  regression({ log: true, loss: huber() }),
  amount(),
  count(),
  share(),
  quantiles(),
  quantiles({ levels: [0.25], log: true }),
  gaussian(),
  gaussian({ levels: [0.99], log: true }),
  ordinal({ classes: ['low', 'middle', 'high'] }),
  ordinal({ classes: ['1', '2', '3', '4', '5'], link: 'corn' }),
  multiLabel({ labels: ['comedy', 'drama', 'war'] }),
  survival({ cuts: [0.3, 0.9, 2] }),
  survival({ cuts: [0.5] }),
  count({ loss: tweedie({ power: 1.2 }) }),
];

runner.it('has a row for every kind of task of core', () => {
  const specs = TASKS.map(({ kind }) => ({ kind: 'task' as const, name: kind, config: {} }));
  runner.expect(untested('task', specs, ['@polytask/core', '@polytask/core/tasks'])).toEqual([]);
});

TASKS.forEach((task, row) => testTask(task, { name: JSON.stringify(task), runner: dealt(runner, row) }));
