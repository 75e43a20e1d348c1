import { fit, type FitOptions } from '@polytask/training';
import { check, expectThat, inDirectory } from '../cases/case.ts';
import { parametersOf } from '../probes/probe.ts';
import { examplesOf, tinyBatch, withModels } from '../tiny/tiny-model.ts';
import { needing, type FitSubject } from '../subject.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';

const ROWS = 22;
/** Three steps an epoch, the last of 6 rows. */
const RUN = { batchSize: 8, epochs: 2, engine: 'eager', progress: false } as const satisfies FitOptions;
const CHECKPOINT_AFTER = 2;
const KILLED_AFTER = 3;

/** What a fit leaves behind: the losses of its epochs, and the parameters, buffers and tables. */
interface Fitted {
  readonly losses: readonly number[];
  readonly parameters: Numbers;
}

/** Fits a new model for two epochs of three steps on the eager engine. The first task has no label in the first row. */
export const fitted = ({ model: build, options }: FitSubject, more: FitOptions = {}): Promise<Fitted> =>
  withModels([build()], async (model) => {
    const rows = tinyBatch(model, ROWS);
    rows.labels[0] = NaN;
    rows.weights[0] = 0;
    const { history } = await fit(model, examplesOf(model, rows), { ...RUN, ...options, ...more });
    const tables = model.store.tables().map(({ name, values }) => [name, Float32Array.from(values)] as const);
    return {
      losses: history.map(({ loss }) => loss),
      parameters: { ...parametersOf(model.store), ...Object.fromEntries(tables) },
    };
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

/** What a component promises in a fit. */
export const FIT_PROPERTIES = needing(['fit'], {
  'a fit is finite, and the same on both engines': check(
    'Use the functions of `math` alone, guard divisions at 0, and branch on no number that rounding changes.',
    ({ fit, compiled }) => checkBothEngines(fit, compiled),
  ),
  'a killed fit goes on bit for bit': check(
    'Keep all that it learns in states, slots and parameters, and draw from what its builder or rule is given.',
    ({ fit }) =>
      inDirectory(async (directory) => {
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
      }),
  ),
});
