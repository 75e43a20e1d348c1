import { sum, PolytaskError, type Written } from '@polytask/components';
import path from 'node:path';
import {
  readRows,
  readSeenRows,
  type RowStreamOptions,
  type Table,
  type TrainedModel,
  type SeenRows,
  readTrainedModel,
  unseen,
  recognizeSeen,
} from '@polytask/data';
import type { SeenCount, TrainingMode } from '@polytask/study';
import { startEngine } from './engines.ts';
import type { modelOptions } from './run-options.ts';
import { loadPlugins } from './modules/imported-modules.ts';
import '@polytask/adatt'; // these four packages define the components of saved models
import '@polytask/baselines';
import '@polytask/experts';
import '@polytask/gating';

/** Runs a function that loads a saved model, with the components of all packages. @param engine that TF.js runs on */
export async function withSavedModel<R>(
  engine: string | undefined,
  use: (mode: TrainingMode) => Promise<R>,
): Promise<R> {
  const { mode } = await startEngine(engine);
  try {
    return await use(mode);
  } catch (error) {
    if (!(error instanceof PolytaskError) || !error.message.includes("can't be built")) throw error;
    throw new PolytaskError(
      `${error.message} If it is a component of your own, add --import with the file that defines it.`,
      { cause: error },
    );
  }
}

type Options = Written<typeof modelOptions>;
type Opened = TrainedModel & { readonly mode: TrainingMode };

/** Opens the model of a folder for a function, and disposes of it afterwards. */
export async function withModel<R>(
  folder: string,
  { engine, plugins = [] }: Options,
  use: (opened: Opened) => Promise<R>,
): Promise<R> {
  await loadPlugins(plugins);
  return withSavedModel(engine, async (mode) => {
    const opened = await readTrainedModel(folder);
    try {
      return await use({ ...opened, mode });
    } finally {
      opened.model.dispose();
    }
  });
}

/** The rows to leave out: those that the model was trained on. With `all`, those that it was validated on, too. */
type LeaveOut = 'none' | 'training' | 'all';

/** As {@link withModel}, with the rows of a file. @throws PolytaskError if none is left */
export const withModelRows = <R>(
  folder: string,
  file: string,
  { engine, plugins, leaveOut, labels, keep }: Options & RowStreamOptions & { readonly leaveOut: LeaveOut },
  use: (opened: Opened & { readonly table: Table; readonly leftOut: readonly SeenCount[] }) => Promise<R>,
): Promise<R> =>
  withModel(folder, { engine, plugins }, async (opened) => {
    const rows = `rows of ${path.basename(file)}`;
    const whole = await readRows(file, opened.rows, { labels, keep });
    const seen = leaveOut === 'none' ? undefined : await readSeenRows(folder);
    const { isSeen, leftOut } = seenInFile(rows, whole, seen, { withValidation: leaveOut === 'all' });
    return use({ ...opened, table: unseen(whole, isSeen, rows), leftOut });
  });

/** The rows of a file that a model was trained on, or validated on. @param rows their name in the report @param before tables that precede them */
export function seenInFile(
  rows: string,
  table: Table,
  seen: SeenRows | undefined,
  { withValidation = true, before = [] }: { withValidation?: boolean; before?: readonly Table[] } = {},
) {
  const recognized = seen && recognizeSeen(seen, [...before, table], withValidation)?.at(-1);
  const isSeen = recognized ?? new Uint8Array(table.size);
  const count: SeenCount = { rows, of: table.size, seen: recognized ? sum(isSeen) : null, withValidation };
  return {
    /** [rows] 1 for such a row, else 0. */
    isSeen,
    /** Empty if the folder of the model doesn't say which rows it was trained on. */
    leftOut: seen ? [count] : [],
  };
}
