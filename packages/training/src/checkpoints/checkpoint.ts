import { mapValues, recordOf } from '@polytask/components';
import { readBundle, writeBundle, type NamedTensor, type TensorParts } from '@polytask/core';
import { fromDocument, toDocument, type CheckpointDocument } from './checkpoint-document.ts';
import type { SavedRows } from '../optimizers/tables/table-moment.ts';

export const CHECKPOINT = 'checkpoint.json';

type Tensors = Readonly<Record<string, NamedTensor>>;

/** The complete state of a run at one moment. A run that resumes gives the same results as an uninterrupted run. */
export interface Checkpoint extends CheckpointDocument {
  /** The parameters and buffers of the model, running statistics included. */
  readonly parameters: Tensors;
  /** The slots of the optimizer by name, such as `adam.m.towers.0.kernel`. */
  readonly slots: Tensors;
  /** The variables of the best epoch, with early stopping. */
  readonly best: Tensors | undefined;
  /** The rows of tables that changed since the best epoch, with their numbers of that epoch, by table. */
  readonly changes: Changes;
}

export type Changes = Readonly<Record<string, readonly SavedRows[]>>;

/** Writes a checkpoint to a directory. An interrupted write leaves no readable checkpoint. */
export async function writeCheckpoint(directory: string, checkpoint: Checkpoint): Promise<void> {
  const { parameters, slots, best = {}, changes } = checkpoint;
  const tensors = Object.entries({ parameters, slots, best, ...changesToTensors(changes) }).flatMap(([group, named]) =>
    Object.entries(named).map(([name, tensor]) => [`${group}.${name}`, tensor] as const),
  );
  await writeBundle(directory, CHECKPOINT, { document: toDocument(checkpoint), tensors: Object.fromEntries(tensors) });
}

/** @throws PolytaskError when the checkpoint is missing, truncated, changed, or of another format */
export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  const { document, tensors } = await readBundle(directory, CHECKPOINT);
  const checked = fromDocument(document, `${CHECKPOINT} in "${directory}"`);
  const group = (prefix: string): Tensors =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([name, tensor]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
      ),
    );
  return {
    ...checked,
    parameters: group('parameters.'),
    slots: group('slots.'),
    best: checked.state.stopper?.best ? group('best.') : undefined,
    changes: changesFromTensors(group('changed-ids.'), group('changed-rows.')),
  };
}

/** The parts of a table's changes follow one another in one tensor. */
const changesToTensors = (changes: Changes): Record<'changed-ids' | 'changed-rows', Record<string, TensorParts>> => {
  const named = (dtype: NamedTensor['dtype'], key: keyof SavedRows) =>
    mapValues(changes, (parts): TensorParts => {
      const data = parts.map((part) => part[key]);
      return { dtype, shape: [data.reduce((sum, { length }) => sum + length, 0)], data };
    });
  return { 'changed-ids': named('int32', 'ids'), 'changed-rows': named('float32', 'values') };
};

const changesFromTensors = (ids: Tensors, rows: Tensors): Changes =>
  recordOf(Object.keys(ids), (table) => [
    { ids: ids[table]!.data as Int32Array, values: rows[table]!.data as Float32Array },
  ]);
