import { fusionWeights, type LevelReport, type MultiTaskModel } from '@polytask/core';
import { broken } from '../cases/case.ts';
import { gradientsOf, tinyExamples, withModels } from '../tiny/tiny-model.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';

/** Models of one, two and three tasks have finite gradients. */
export function checkInModels(build: (tasks: readonly string[]) => MultiTaskModel): void {
  for (const tasks of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    withModels([build(tasks)], (model) =>
      expectFinite(gradientsOf(model, 5), 'Guard logarithms, divisions and roots at 0, and keep the batch axis.'),
    );
  }
}

const ROWS = 7;

/** `fusionWeights` reports finite weights [outputs, experts] of each level, whatever the batch size. */
export function checkFusionWeights(build: () => MultiTaskModel): void {
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
