import { PolytaskError, type MultiTaskModel, type Tasks } from '@polytask/core';
import { differences } from '../differences.ts';
import type { Rows } from '../rows/rows.ts';
import { fingerprint } from './fingerprint.ts';

/** Options of a run that decide its results. How long it runs isn't one of them: a run may go on for more epochs. */
export interface RunSettings {
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly shuffle: boolean;
  readonly seed: number;
  /** Of a stream. */
  readonly shuffleBuffer?: number;
  readonly optimizer: object;
  readonly clip: object;
  readonly stopping: object | undefined;
}

/** What a run is of, as plain JSON: a checkpoint may only go on as the same. */
export type Identity = Readonly<Record<string, unknown>>;

export async function identityOf<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: { train: Rows<T>; validation: Rows<T> | undefined },
  settings: RunSettings,
): Promise<Identity> {
  return {
    model: model.config,
    'training rows': await fingerprint(rows.train),
    'validation rows': rows.validation ? await fingerprint(rows.validation) : null,
    options: settings,
  };
}

/**
 * @param place the checkpoint, as errors call it
 * @throws PolytaskError that names what is different: the model, the rows, or the options
 */
export function checkIdentity(saved: Identity, own: Identity, place: string): void {
  const found = differences(saved, own);
  if (found.length === 0) return;
  const list = found.map(({ path, expected, received }) => `${path}: ${expected} there, ${received} here`);
  throw new PolytaskError(
    `The checkpoint ${place} is of another run: ${list.join('; ')}. Resume with the model, rows and options of that run, ` +
      'or train anew in another directory.',
  );
}
