import type { Examples, MultiTaskModel } from '@polytask/core';
import { fit, type FitOptions } from '@polytask/training';
import { broken } from '../cases/case.ts';
import { inDirectory } from '../cases/in-directory.ts';
import { parametersOf } from '../probes/probe.ts';
import { pickRows } from '../tiny/tiny-features.ts';
import { tinyBatch } from '../tiny/tiny-model.ts';
import type { FitSubject } from '../subject.ts';
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

const COMPILE =
  'Use the functions of `math` alone, guard divisions at 0, and branch on no number that rounding changes.';
const REMEMBER =
  'Keep all that it learns in states, slots and parameters, and draw from what its builder or rule is given.';

/** A fit with other options. */
const withOptions = ({ model, options }: FitSubject, more: FitOptions): FitSubject => ({
  model,
  options: { ...options, ...more },
});

/** A fit has finite losses and parameters, which are the same on both engines, to 1e-4 of the largest number. */
export async function checkBothEngines(fit: FitSubject, compiled?: boolean): Promise<void> {
  const eager = await fitted(withOptions(fit, { engine: 'eager' }));
  expectFinite(eager.losses, COMPILE);
  expectFinite(eager.parameters, COMPILE);
  if (!compiled) return;
  const other = await fitted(withOptions(fit, { engine: 'compiled' }));
  for (const part of ['losses', 'parameters'] as const) {
    expectAgreement(other[part], eager[part], 1e-4, { what: `the ${part} of a fit on the eager engine`, fix: COMPILE });
  }
}

const POWER_CUT = new Error('power cut');

/** A fit that was killed, and goes on from its checkpoint, ends at the parameters of a fit that wasn't, bit for bit. */
export async function checkResumed(fit: FitSubject): Promise<void> {
  await inDirectory(async (directory) => {
    const eager = withOptions(fit, { engine: 'eager' });
    const checkpointed = withOptions(eager, { checkpoint: { directory, everySteps: CHECKPOINT_AFTER } });
    const onStep = ({ step }: { step: number }) => {
      if (step === KILLED_AFTER) throw POWER_CUT;
    };
    const killed = await fitted(withOptions(checkpointed, { callbacks: { onStep } })).catch((error: unknown) => error);
    if (killed !== POWER_CUT) throw killed;
    let first: number | undefined;
    const callbacks = { onStep: ({ step }: { step: number }) => void (first ??= step) };
    const resumed = await fitted(withOptions(checkpointed, { callbacks, resume: true }));
    if (first !== CHECKPOINT_AFTER + 1) {
      broken({
        expected: `a fit that goes on with step ${CHECKPOINT_AFTER + 1}`,
        seen: `step ${first}`,
        fix: REMEMBER,
      });
    }
    expectAgreement(resumed.parameters, (await fitted(eager)).parameters, 0, {
      what: 'the parameters of a fit that was never stopped',
      fix: REMEMBER,
    });
  });
}

const LEARNING_EPOCHS = 30;

/** 90 steps lower the loss to a share of what it is in the first epoch. */
export async function checkFitLearns(fit: FitSubject, share: number): Promise<void> {
  const { losses } = await fitted(withOptions(fit, { engine: 'eager', epochs: LEARNING_EPOCHS }));
  const each = Array.from(Object.values(losses)[0]!);
  const [first, last] = [each[0]!, each.at(-1)!];
  if (last < share * first) return;
  broken({
    expected: `a loss below ${(share * first).toPrecision(4)} after ${3 * LEARNING_EPOCHS} steps, from ${first.toPrecision(4)}`,
    seen: last.toPrecision(4),
    fix: 'Look at the sign and the length of the steps, or pass a learning rate that fits so few.',
  });
}
