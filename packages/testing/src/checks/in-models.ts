import { mapValues, sum } from '@polytask/components';
import { fusionWeights, type LevelReport, type MultiTaskModel } from '@polytask/core';
import { broken } from '../cases/case.ts';
import { auxiliaryOf, gradientsOf, logitsOf, tinyExamples, withModels } from '../tiny/tiny-model.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';

/** Models of one, two and three tasks have a finite output for each row and task, and finite gradients. */
export function checkInModels(build: (tasks: readonly string[]) => MultiTaskModel): void {
  for (const tasks of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    withModels([build(tasks)], (model) => {
      const logits = logitsOf(model, 5);
      expectFinite(logits, 'Keep the outputs of the order of the inputs.');
      const misshapen = tasks.find((task) => logits[task]?.length !== 5);
      if (misshapen !== undefined)
        broken({
          expected: `5 outputs of task ${misshapen}`,
          seen: String(logits[misshapen]?.length),
          fix: 'Keep the batch axis.',
        });
      expectFinite(gradientsOf(model, 5), 'Guard logarithms, divisions and roots at 0.');
    });
  }
}

/** After two passes in training, a row has the same outputs alone and in a batch. */
export function expectRowsApart(model: MultiTaskModel): void {
  for (let pass = 0; pass < 2; pass++) auxiliaryOf(model, { training: true });
  const [one, five] = [logitsOf(model, 1), logitsOf(model, 5)];
  const first = mapValues(five, (logits, task) => logits.slice(0, one[task]!.length));
  expectAgreement(one, first, 1e-5, {
    what: 'the same outputs of a row alone and in a batch',
    fix: "Let a row's outputs depend on that row alone, when not training.",
  });
}

/** {@link expectRowsApart} of a model with the component. */
export const checkRows = (build: () => MultiTaskModel): void => withModels([build()], expectRowsApart);

const ROWS = 7;

/**
 * `fusionWeights` reports finite weights [outputs, experts] of each level, whatever the batch size.
 *
 * @param options with `normalized`, the weights of each output must sum to 1
 */
export function checkFusionWeights(build: () => MultiTaskModel, { normalized }: { normalized: boolean }): void {
  withModels([build()], (model) => {
    const examples = tinyExamples(model, ROWS);
    const whole = fusionWeights(model, examples);
    model.network.levels.forEach((level, l) => expectShape(whole[l]!, [level.outputs.length, level.experts.length], l));
    expectFinite(deviations(whole), 'Guard the weights at 0.');
    const parts = fusionWeights(model, examples, { batchSize: 3 });
    const what = 'the same weights whatever the batches that the rows are read in';
    const fix = "Let a row's weights depend on that row alone.";
    expectAgreement(numbers(parts), numbers(whole), 1e-5, { what, fix });
    expectAgreement(deviations(parts), deviations(whole), 1e-2, { what, fix }); // small differences of large squares
    if (normalized) whole.forEach(expectSums);
  });
}

const numbers = (reports: readonly LevelReport[]): Numbers =>
  Object.fromEntries(
    reports.flatMap(({ gated, constant }, l) => [
      [`the gated weights of level ${l}`, gated.flat()],
      [`the constant weights of level ${l}`, constant.flat()],
    ]),
  );

/** The deviations, with the weights for scale: `expectAgreement` ignores small differences of small numbers. */
const deviations = (reports: readonly LevelReport[]): Numbers => ({
  ...numbers(reports),
  ...Object.fromEntries(
    reports.map(({ gatedDeviation }, l) => [`the deviation of the gated weights of level ${l}`, gatedDeviation.flat()]),
  ),
});

function expectShape({ gated, constant }: LevelReport, [units, experts]: [number, number], l: number): void {
  for (const part of [gated, constant]) {
    if (part.length === units && part.every((row) => row.length === experts)) continue;
    broken({
      expected: `weights [${units}, ${experts}] of level ${l}`,
      seen: `[${part.length}, ${part[0]?.length}]`,
      fix: 'Give W a column for each expert.',
    });
  }
}

function expectSums({ outputs, gated, constant }: LevelReport, l: number): void {
  outputs.forEach((unit, u) => {
    const total = sum([...gated[u]!, ...constant[u]!]);
    if (Math.abs(total - 1) > 1e-5) {
      broken({
        expected: `weights of ${unit} at level ${l} that sum to 1`,
        seen: String(total),
        fix: 'Normalize over the visible experts alone, or leave out { normalized: true }.',
      });
    }
  });
}
