import { logitsOf as widthOf, type MultiTaskModel } from '@polytask/core';
import { broken } from '../cases/conformance-error.ts';
import { expectAgreement, expectFinite } from '../checks/agreement.ts';
import { logitsOf } from '../tiny/tiny-model.ts';

/** For a batch of one and of more: [batch × width] finite outputs for each task, those of a row the same in any batch. */
export function checkModelShapes(build: () => MultiTaskModel): void {
  const model = build();
  try {
    const [one, five] = [logitsOf(model, 1), logitsOf(model, 5)];
    for (const [rows, logits] of [
      [1, one],
      [5, five],
    ] as const) {
      for (const task of model.taskNames) {
        const count = rows * widthOf(task, model.schema.tasks[task]!);
        if (logits[task]?.length === count) continue;
        broken({
          expected: `${count} outputs of task ${task} for ${rows} rows`,
          seen: String(logits[task]?.length),
          mend: 'Give each task a lane [batch, width].',
        });
      }
      expectFinite(logits, 'Guard logarithms, divisions and roots at 0.');
    }
    const first = Object.fromEntries(model.taskNames.map((task) => [task, five[task]!.slice(0, one[task]!.length)]));
    expectAgreement(one, first, 1e-5, {
      what: 'the same outputs of a row alone and in a batch',
      mend: "Let a row's outputs depend on that row alone, when not training.",
    });
  } finally {
    model.dispose();
  }
}
