import type { MultiTaskModel, Tasks } from '@polytask/core';
import { expectAgreement } from '../checks/agreement.ts';
import { gradientsOf, logitsOf } from '../tiny/tiny-model.ts';

/**
 * With the same seed, each task's parameters start from its name; so tasks that are listed in another order have the same
 * outputs, and the loss the same gradient all in all; but for `noisy` ones, whose steps draw in the tasks' order.
 */
export function checkTaskOrder(tasks: Tasks, build: (tasks: Tasks) => MultiTaskModel, noisy = false): void {
  const [first, ...rest] = Object.entries(tasks);
  const models = [build(tasks), build(Object.fromEntries([...rest, first!]))];
  try {
    const [forth, back] = models.map((model) => logitsOf(model, 5)) as [
      Record<string, number[]>,
      Record<string, number[]>,
    ];
    const mend = 'Go by the names of tasks and units, not by their places.';
    expectAgreement(back, forth, 1e-4, { what: 'the same outputs when the tasks are listed in another order', mend });
    if (noisy) return;
    const [there, again] = models.map((model) => sorted(gradientsOf(model, 8))) as [
      Record<string, number[]>,
      Record<string, number[]>,
    ];
    expectAgreement(again, there, 1e-4, {
      what: 'the same gradients, sorted, when the tasks are listed in another order',
      mend,
    });
  } finally {
    models.forEach((model) => model.dispose());
  }
}

/** A bank's members stand in the tasks' order: its numbers are the same ones in another order. */
const sorted = (gradients: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, [...values].sort((a, b) => a - b)]));
