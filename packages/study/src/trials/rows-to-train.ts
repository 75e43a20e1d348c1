import { gradientBoosting } from '@polytask/baselines';
import {
  fail,
  multiTaskModel,
  permutation,
  randomStream,
  kindOf,
  trainerOf,
  type Examples,
  type Task,
} from '@polytask/core';
import { earlyStopping, fit, softLabels } from '@polytask/training';
import { takesSoftLabels } from '@polytask/training/internal';
import { trainingOf } from '../results/trial-key.ts';
import type { VisibleRows } from './open-data.ts';
import type { TrialSpec } from './trial-spec.ts';

/** Rows that were made of others, by how. The models of a comparison share them, as they share their training rows. */
const made = new WeakMap<Examples, Map<string, unknown>>();

/** What was made of rows by this key, or what `make` makes of them. */
function shared<V>(rows: Examples, key: string, make: () => V): V {
  if (!made.has(rows)) made.set(rows, new Map());
  const byKey = made.get(rows) as Map<string, V>;
  const value = byKey.get(key) ?? make();
  byKey.set(key, value);
  return value;
}

/**
 * The rows that a trial trains on: some of the training rows if it asks for fewer, with the labels of its teacher if it has one. The
 * teacher is a trained model, or gradient boosting of five folds, which stops early on the validation rows. The folds keep together what
 * the split of the data does. A network that brings its training has none.
 *
 * @throws PolytaskError when trees can't teach any task; the reason of the signal
 */
export function rowsToTrain(
  { train: all, validation, trainUnits, teacher }: VisibleRows,
  { config, seed, mode }: Pick<TrialSpec, 'config' | 'seed' | 'mode'>,
  signal?: AbortSignal,
): Promise<Examples> | Examples {
  const { teacher: share = 0, teacherModel, trainingRows = Infinity, selection, patience } = trainingOf(config);
  const isSample = trainingRows < all.size;
  const train = isSample ? shared(all, `${trainingRows} ${seed}`, () => sample(all, trainingRows, seed)) : all;
  if (share === 0 || trainerOf(config.model.network)) return train;
  if (teacherModel !== undefined) {
    if (!teacher) return unopened();
    return once(train, JSON.stringify([share, seed, mode, teacherModel]), async () => {
      const { model, rows } = await teacher();
      try {
        const teacherRows = isSample ? sample(rows, trainingRows, seed) : rows;
        return await softLabels(train, model, { share, seed, engine: mode, teacherRows });
      } finally {
        model.dispose();
      }
    });
  }
  const { features, tasks: every } = train.schema;
  const tasks = Object.fromEntries(
    Object.entries(every).flatMap(([name, task]) => {
      const { loss: _, ...usual } = task;
      return canBeTaught(task) ? [[name, usual]] : [];
    }),
  );
  if (Object.keys(tasks).length === 0)
    fail({
      expected: 'a task that trees can teach: yes or no, classes, labels, a count, or a number with the squared loss',
      received: Object.entries(every)
        .map(([name, { kind }]) => `${name} (${kind})`)
        .join(', '),
      fix: 'Leave the teacher out.',
    });
  const key = JSON.stringify([share, seed, mode, selection, patience]);
  const teach = async (rows: Examples) => {
    const model = multiTaskModel({ schema: { features, tasks }, ...gradientBoosting(), seed });
    const stopping = earlyStopping({ metric: selection, patience });
    await fit(model, rows, { validation, stopping, engine: mode, progress: false, ...(signal && { signal }) });
    return model;
  };
  return once(train, key, () => {
    const places = isSample ? placesOf(all.size, trainingRows, seed) : undefined;
    const { groups, times } = trainUnits?.() ?? {};
    const of = (units?: ArrayLike<number>) =>
      units && places ? Float64Array.from(places, (row) => units[row]!) : units;
    return softLabels(train, teach, { share, seed, engine: mode, groups: of(groups), times: of(times) });
  });
}

/** As {@link shared}. If it fails, another trial may try again. */
function once(rows: Examples, key: string, make: () => Promise<Examples>): Promise<Examples> {
  const taught = shared(rows, key, make);
  taught.catch(() => made.get(rows)!.delete(key));
  return taught;
}

const unopened = (): never =>
  fail({
    expected: 'the folder of the trained model that teaches this trial',
    received: 'only its hash',
    fix: 'Train the trial by train or bench with --teacher-model.',
  });

/** The places of some rows, at random. Those of a larger sample have them first. */
const placesOf = (size: number, count: number, seed: number): Uint32Array =>
  permutation(randomStream(seed, 'training rows'), size).subarray(0, count);

function sample(rows: Examples, count: number, seed: number): Examples {
  const places = placesOf(rows.size, count, seed);
  return {
    ...{ schema: rows.schema, size: count },
    batch: (indices) => rows.batch(Uint32Array.from(indices, (index) => places[index]!)),
  };
}

/** Whether trees give the expectation of the label, or its probabilities, and the task can be taught by them. */
export function canBeTaught(task: Task): boolean {
  const boosting = kindOf(task).boosting;
  return boosting !== undefined && (boosting.weight?.(1) ?? 1) === 1 && takesSoftLabels(task);
}
