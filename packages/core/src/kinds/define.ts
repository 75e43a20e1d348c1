import { definedIn } from '@polytask/components';
import { defineLoss as defineAnyLoss } from '../tasks/losses/loss.ts';
import { defineTask as defineAnyTask } from '../tasks/task-kind.ts';

export const defineLoss = definedIn('@polytask/core/tasks', defineAnyLoss);
export const defineTask = definedIn('@polytask/core/tasks', defineAnyTask);
