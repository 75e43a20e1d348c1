import { mapValues } from '@polytask/components';
import { readParameters, type MultiTaskModel } from '@polytask/core';
import { defineOptimizer, fit, sgd, type FitOptions } from '@polytask/training';
import { check, expectThat, inDirectory } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { needing, type FitSubject } from '../subject.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { examplesOf, logitsOf, tinyBatch, tinyModel, withModels } from '../tiny/tiny-model.ts';

const ROWS = 16;
/** After these, the engines are compared. */
const STEPS = 20;
/** After these at the latest, it has learned. */
const MOST_STEPS = 50;
/** The largest allowed share of the first loss after training. The heads' biases alone reach 0.9. */
const LOSS_SHARE = 0.8;
const MEND =
  'Use operations that docs/compile.md lists, and draw with randomTensor; read no numbers while a pass runs.';

/** An "optimizer" that replaces each parameter by its gradient, so that the gradients of any engine can be read. */
const gradientItself = defineOptimizer('testing.gradient', {
  slots: () => ({}),
  coefficients: () => ({}),
  update: ({ gradient }, _, { add }) => ({ parameter: add(gradient, 0), slots: {} }),
})(1, {});

const RUN = { batchSize: 8, epochs: 2, engine: 'eager', progress: false } as const satisfies FitOptions;
const CHECKPOINT_AFTER = 2;
const KILLED_AFTER = 3;

const ordinary = () => tinyModel(tinyNetwork());

/** A fit of a model to all rows in each step. */
const ofModel = (model: () => MultiTaskModel, epochs: number, optimizer = sgd(0.1, { momentum: 0.9 })): FitSubject => ({
  ...{ model, rows: ROWS },
  options: { optimizer, epochs, batchSize: ROWS, shuffle: false },
});

/**
 * Fits a new model for two epochs of three steps on the eager engine: the losses of its epochs, and the parameters, buffers and tables. The
 * first task has no label in the second row.
 */
export const fitted = ({ model: build = ordinary, rows: size = 22, options }: FitSubject, more: FitOptions = {}) =>
  withModels([build()], async (model) => {
    const rows = tinyBatch(model, size);
    rows.labels[1] = NaN;
    rows.weights[1] = 0;
    const { history } = await fit(model, examplesOf(model, rows), { ...RUN, ...options, ...more });
    const parameters = mapValues(await readParameters(model.store), ({ data }) =>
      Float32Array.from(data as Float32Array),
    );
    return { losses: history.map(({ loss }) => loss), parameters };
  });

/** A fit has finite losses and parameters, which are the same on both engines, to 1e-4 of the largest number. */
export async function checkBothEngines(fit: FitSubject, compiled?: boolean, more?: FitOptions): Promise<void> {
  const eager = await fitted(fit, more);
  expectFinite({ 'the loss of each epoch': eager.losses, ...eager.parameters });
  if (!compiled) return;
  const other = await fitted(fit, { ...more, engine: 'compiled' });
  for (const part of ['losses', 'parameters'] as const)
    expectAgreement(other[part], eager[part], 1e-4, `the ${part} of a fit on the eager engine`);
}

const POWER_CUT = new Error('power cut');

/** What a component promises on the engines, and in a fit. */
export const TRAINING_PROPERTIES = [
  needing(['model'], {
    'it learns': check(async ({ model }) => {
      const losses: number[] = [];
      const hasLearned = () => losses.at(-1)! < LOSS_SHARE * losses[0]!;
      const onStep = ({ loss }: { loss: number }) =>
        losses.push(loss) >= STEPS && hasLearned() ? ('stop' as const) : undefined;
      await fitted(ofModel(model, MOST_STEPS), { callbacks: { onStep } });
      const [first = NaN, last = NaN] = [losses[0], losses.at(-1)];
      const steps = `after ${MOST_STEPS} steps of gradient descent from ${first.toPrecision(4)}`;
      const below = `a loss below ${(LOSS_SHARE * first).toPrecision(4)} ${steps}`;
      expectThat(hasLearned(), below, last.toPrecision(4));
    }, "Check that the outputs reach the tasks' lanes, and that gradients neither vanish nor explode."),
  }),
  needing(['model', 'compiled'], {
    'compiled it has the gradients that it has eagerly': check(async ({ model }) => {
      const one = ofModel(model, 1, gradientItself);
      const { parameters } = await fitted(one, { engine: 'compiled' });
      expectAgreement(parameters, (await fitted(one)).parameters, 1e-5, 'the gradients of the eager engine');
    }, MEND),
    'compiled it predicts the same': check(async ({ model: build }) => {
      await withModels([build()], async (model) => {
        const { compiledEngine } = await import('@polytask/training/compiled'); // on demand, as it needs an ONNX Runtime
        const scorer = await compiledEngine().score(model);
        try {
          const logits = await scorer.logits(tinyBatch(model, ROWS));
          expectAgreement(logits, logitsOf(model, ROWS), 1e-5, 'the logits of the model');
        } finally {
          await scorer.close();
        }
      });
    }, MEND),
    'compiled it learns as it does eagerly': check(({ model }) => checkBothEngines(ofModel(model, STEPS), true), MEND),
  }),
  needing(['fit'], {
    'a fit is finite, and the same on both engines': check(
      ({ fit, compiled }) => checkBothEngines(fit, compiled),
      'Use the functions of `math` alone, guard divisions at 0, and branch on no number that rounding changes.',
    ),
    'a killed fit goes on bit for bit': check(async ({ fit }) => {
      await inDirectory(async (directory) => {
        const checkpoint = { directory, everySteps: CHECKPOINT_AFTER };
        const kill = ({ step }: { step: number }) => {
          if (step === KILLED_AFTER) throw POWER_CUT;
        };
        const killed = await fitted(fit, { checkpoint, callbacks: { onStep: kill } }).catch((error: unknown) => error);
        if (killed !== POWER_CUT) throw killed;
        let first: number | undefined;
        const watch = ({ step }: { step: number }) => void (first ??= step);
        const resumed = await fitted(fit, { checkpoint, callbacks: { onStep: watch }, resume: true });
        const next = CHECKPOINT_AFTER + 1;
        expectThat(first === next, `a fit that goes on with step ${next}`, `step ${first}`);
        const { parameters } = await fitted(fit);
        expectAgreement(resumed.parameters, parameters, 0, 'the parameters of a fit that was never stopped');
      });
    }, 'Keep all that it learns in states, slots and parameters, and draw from what its builder or rule is given.'),
  }),
];
