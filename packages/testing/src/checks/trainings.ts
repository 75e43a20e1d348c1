import { mapValues } from '@polytask/components';
import { readParameters } from '@polytask/core';
import { fit, type FitOptions } from '@polytask/training';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { check, expectThat, inDirectory } from '../cases/case.ts';
import { needing, type FitSubject } from '../subject.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { examplesOf, logitsOf, tinyBatch, tinyModel, withModels } from '../tiny/tiny-model.ts';

const ENGINES =
  'Use operations that docs/compile.md lists, and draw with randomTensor; read no numbers while a pass runs.';

/** Three steps an epoch, the last of 6 rows. */
const ROWS = 22;
const RUN = { batchSize: 8, epochs: 2, engine: 'eager', progress: false } as const satisfies FitOptions;
const LEARNING_EPOCHS = 30;
const [CHECKPOINT_AFTER, KILLED_AFTER] = [2, 3];

const ordinary = () => tinyModel(tinyNetwork());

/**
 * Fits a new model for two epochs of three steps on the eager engine: the losses of its epochs, and the parameters, buffers and tables. The
 * first task has no label in the second row.
 */
export const fitted = ({ model: build = ordinary, options }: FitSubject, more: FitOptions = {}) =>
  withModels([build()], async (model) => {
    const rows = tinyBatch(model, ROWS);
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

export const TRAINING_PROPERTIES = [
  needing(['model', 'compiled'], {
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
    }, ENGINES),
  }),
  needing(['fit', 'learns'], {
    'it learns': check(async ({ fit, learns: { share, options } }) => {
      const { losses } = await fitted(fit, { ...options, epochs: LEARNING_EPOCHS });
      const [first = NaN, last = NaN] = [losses[0], losses.at(-1)];
      const steps = `after ${3 * LEARNING_EPOCHS} steps, from ${first.toPrecision(4)}`;
      const most = share * first;
      expectThat(last < most, `a loss below ${most.toPrecision(4)} ${steps}`, last.toPrecision(4));
    }, 'Check that outputs reach the tasks, that gradients neither vanish nor explode, and the sign and length of steps.'),
  }),
  needing(['fit'], {
    'a fit is finite, and the same on both engines': check(
      ({ fit, compiled }) => checkBothEngines(fit, compiled),
      `${ENGINES} In rules, use the functions of \`math\` alone, and branch on no number that rounding changes.`,
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
