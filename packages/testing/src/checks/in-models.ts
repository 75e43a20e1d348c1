import type { MultiTaskModel } from '@polytask/core';
import { broken } from '../cases/conformance-error.ts';
import { gradientsOf, logitsOf } from '../tiny/tiny-model.ts';
import { expectFinite } from './agreement.ts';

/** In models of one, two and three tasks: finite outputs, one for each row and task, and finite gradients. */
export function checkInModels(build: (tasks: readonly string[]) => MultiTaskModel): void {
  for (const tasks of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    const model = build(tasks);
    try {
      const logits = logitsOf(model, 5);
      expectFinite(logits, 'Keep the outputs of the order of the inputs.');
      const odd = tasks.find((task) => logits[task]?.length !== 5);
      if (odd !== undefined)
        broken({
          expected: `5 outputs of task ${odd}`,
          seen: String(logits[odd]?.length),
          mend: 'Keep the batch axis.',
        });
      expectFinite(gradientsOf(model, 5), 'Guard logarithms, divisions and roots at 0.');
    } finally {
      model.dispose();
    }
  }
}
