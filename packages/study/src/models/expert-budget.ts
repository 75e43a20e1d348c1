import { fail } from '@polytask/core';

/**
 * How a level's experts are shared out where a model has shared ones: half to the tasks, evenly, and the rest shared.
 * Six experts for three tasks are one each and three shared; nine are two each and three shared.
 */
export function withShared(experts: number, tasks: number): { perTask: number; shared: number } {
  const perTask = Math.max(1, Math.round(experts / (2 * tasks)));
  const shared = experts - tasks * perTask;
  if (shared < 1) {
    fail({
      expected: `at least ${tasks + 1} experts a level: one for each of ${tasks} tasks and a shared one`,
      received: String(experts),
      mend: 'Raise experts in the size of the models.',
    });
  }
  return { perTask, shared };
}

/** The same number for each task, where a model has none that are shared. */
export function withoutShared(experts: number, tasks: number): number {
  if (experts < tasks || experts % tasks !== 0) {
    fail({
      expected: `a number of experts a level that ${tasks} tasks can share out evenly`,
      received: String(experts),
      mend: `Take ${Math.max(1, Math.round(experts / tasks)) * tasks}.`,
    });
  }
  return experts / tasks;
}
