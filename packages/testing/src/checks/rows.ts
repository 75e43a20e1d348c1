import type { MultiTaskModel } from '@polytask/core';
import { expectAgreement } from '../cases/agreement.ts';
import { auxiliaryOf, logitsOf, withModels } from '../tiny/tiny-model.ts';

/** After two passes in training, a row has the same outputs alone and in a batch. */
export function expectRowsApart(model: MultiTaskModel): void {
  for (let pass = 0; pass < 2; pass++) auxiliaryOf(model, { training: true });
  const [one, five] = [logitsOf(model, 1), logitsOf(model, 5)];
  const first = Object.fromEntries(model.taskNames.map((task) => [task, five[task]!.slice(0, one[task]!.length)]));
  expectAgreement(one, first, 1e-5, {
    what: 'the same outputs of a row alone and in a batch',
    fix: "Let a row's outputs depend on that row alone, when not training.",
  });
}

/** {@link expectRowsApart} of a model with the component. */
export const checkRows = (build: () => MultiTaskModel): void => withModels([build()], expectRowsApart);
