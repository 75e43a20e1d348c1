import type { Examples, MultiTaskModel } from '@polytask/core';
import { fit, type FitOptions } from '@polytask/training';
import { expectThat } from '../cases/case.ts';
import { inDirectory } from '../cases/in-directory.ts';
import { parametersOf } from '../probes/probe.ts';
import { pickRows } from '../tiny/tiny-features.ts';
import { tinyBatch } from '../tiny/tiny-model.ts';
import { property, type FitSubject } from '../subject.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';

const ROWS = 22;
/** Three steps an epoch, the last of 6 rows. */
const RUN = { batchSize: 8, epochs: 2, progress: false } as const satisfies FitOptions;
const CHECKPOINT_AFTER = 2;
const KILLED_AFTER = 3;

/** What a fit leaves behind: the losses of its epochs, and the parameters, buffers and tables. */
interface Fitted {
  readonly losses: Numbers;
  readonly parameters: Numbers;
}

/** The rows of {@link tinyBatch} with labels. The first task has none in the first row. */
function labelled(model: MultiTaskModel): Examples {
  const all = tinyBatch(model, ROWS);
  all.labels[0] = NaN;
  all.weights[0] = 0;
  return { schema: model.schema, size: ROWS, batch: (at) => pickRows(all, at) };
}

/** Fits a new model for two epochs of three steps. */
export async function fitted({ model: build, options }: FitSubject): Promise<Fitted> {
  const model = build();
  try {
    const { history } = await fit(model, labelled(model), { ...RUN, ...options });
    const tables = model.store.tables().map(({ name, values }) => [name, Float32Array.from(values)] as const);
    return {
      losses: { 'the loss of each epoch': history.map(({ loss }) => loss) },
      parameters: { ...parametersOf(model.store), ...Object.fromEntries(tables) },
    };
  } finally {
    model.dispose();
  }
}

/** A fit with other options. */
const withOptions = ({ model, options }: FitSubject, more: FitOptions): FitSubject => ({
  model,
  options: { ...options, ...more },
});

/** A fit has finite losses and parameters, which are the same on both engines, to 1e-4 of the largest number. */
export async function checkBothEngines(fit: FitSubject, compiled?: boolean): Promise<void> {
  const eager = await fitted(withOptions(fit, { engine: 'eager' }));
  expectFinite({ ...eager.losses, ...eager.parameters });
  if (!compiled) return;
  const other = await fitted(withOptions(fit, { engine: 'compiled' }));
  for (const part of ['losses', 'parameters'] as const)
    expectAgreement(other[part], eager[part], 1e-4, `the ${part} of a fit on the eager engine`);
}

const POWER_CUT = new Error('power cut');

/** What a component promises in a fit. */
export const FIT_PROPERTIES = [
  property(
    'a fit is finite, and the same on both engines',
    'Use the functions of `math` alone, guard divisions at 0, and branch on no number that rounding changes.',
    ['fit'],
    ({ fit, compiled }) => checkBothEngines(fit, compiled),
  ),
  property(
    'a killed fit goes on bit for bit',
    'Keep all that it learns in states, slots and parameters, and draw from what its builder or rule is given.',
    ['fit'],
    ({ fit }) =>
      inDirectory(async (directory) => {
        const eager = withOptions(fit, { engine: 'eager' });
        const checkpointed = withOptions(eager, { checkpoint: { directory, everySteps: CHECKPOINT_AFTER } });
        let first: number | undefined;
        const kill = ({ step }: { step: number }) => {
          if (step === KILLED_AFTER) throw POWER_CUT;
        };
        const watch = ({ step }: { step: number }) => void (first ??= step);
        const killed = await fitted(withOptions(checkpointed, { callbacks: { onStep: kill } })).catch(
          (error: unknown) => error,
        );
        if (killed !== POWER_CUT) throw killed;
        const resumed = await fitted(withOptions(checkpointed, { callbacks: { onStep: watch }, resume: true }));
        const next = CHECKPOINT_AFTER + 1;
        expectThat(first === next, `a fit that goes on with step ${next}`, `step ${first}`);
        const { parameters } = await fitted(eager);
        expectAgreement(resumed.parameters, parameters, 0, 'the parameters of a fit that was never stopped');
      }),
  ),
];

const LEARNING_EPOCHS = 30;

/** 90 steps lower the loss to a share of what it is in the first epoch. */
export async function checkFitLearns(fit: FitSubject, share: number): Promise<void> {
  const { losses } = await fitted(withOptions(fit, { engine: 'eager', epochs: LEARNING_EPOCHS }));
  const each = Array.from(Object.values(losses)[0]!);
  const [most, first, last] = [share * each[0]!, each[0]!, each.at(-1)!];
  const steps = `after ${3 * LEARNING_EPOCHS} steps, from ${first.toPrecision(4)}`;
  expectThat(last < most, `a loss below ${most.toPrecision(4)} ${steps}`, last.toPrecision(4));
}
