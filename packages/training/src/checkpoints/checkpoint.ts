import { readBundle, writeBundle, type NamedTensor } from '@polytask/core';
import { fromDocument, toDocument, type CheckpointDocument } from './checkpoint-document.ts';

export const CHECKPOINT = 'checkpoint.json';

type Tensors = Readonly<Record<string, NamedTensor>>;

/** The complete state of a run at one moment. A run that resumes gives the same results as an uninterrupted run. */
export interface Checkpoint extends CheckpointDocument {
  /** The parameters and buffers of the model, running statistics included. */
  readonly parameters: Tensors;
  /** The slots of the optimizer by name, such as `adam.m.towers.0.kernel`. */
  readonly slots: Tensors;
  /** The parameters of the best epoch, with early stopping. */
  readonly best: Tensors | undefined;
}

/** Writes a checkpoint to a directory. An interrupted write leaves no readable checkpoint. */
export async function writeCheckpoint(directory: string, checkpoint: Checkpoint): Promise<void> {
  const { parameters, slots, best = {} } = checkpoint;
  const tensors = Object.entries({ parameters, slots, best }).flatMap(([group, named]) =>
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
  };
}
