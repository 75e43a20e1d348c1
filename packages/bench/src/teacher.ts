import type { Finding } from '@polytask/components';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, type MultiTaskModel, sha256Of, type Tasks } from '@polytask/core';
import { modelId, readTrainedModel } from '@polytask/data';
import {
  type ComparedModel,
  contentKey,
  type ExternalPredictions,
  isSplitBySeed,
  type OpenedData,
  type SavedTeacher,
  type Setting,
  type Suite,
  testTeacher,
  type TrialResult,
  type TrialSpec,
} from '@polytask/study';
import { readExternal } from './number-columns.ts';
import { trialOf } from './model-folder.ts';

const SEED = '{seed}';

/** The share of a teacher in the labels, if only the teacher is given. */
const SHARE = 0.5;

/** The suite with hashes of its teachers in place of their folders, so that a teacher that has changed is another training. */
export async function withTeachers(suite: Suite): Promise<Suite> {
  return { ...suite, settings: await Promise.all(suite.settings.map((setting) => withTeacher(setting, suite))) };
}

async function withTeacher(setting: Setting, { seeds, searchSeed, folds }: Suite): Promise<Setting> {
  const { teacherModel, teacherPredictions, ...training } = setting.training;
  if (teacherModel !== undefined && teacherPredictions !== undefined)
    fail({
      expected: 'one teacher: a trained model or predictions',
      received: 'both',
      fix: 'Predict the rows by the model, too, and pass both files as --teacher-predictions: their mean teaches.',
    });
  const kind = teacherPredictions ? 'predictions' : 'model';
  const named = teacherPredictions ?? (teacherModel === undefined ? [] : [teacherModel]);
  if (named.length === 0) return setting;
  if (folds !== undefined)
    fail({
      expected: 'no folds with a teacher from outside: its training rows are test rows of some fold',
      received: `${folds} folds`,
      fix: 'Leave folds out.',
    });
  const teachers = new Map<number, SavedTeacher>();
  for (const seed of new Set([...seeds, searchSeed])) {
    const paths = named.map((each) => path.resolve(each.replaceAll(SEED, String(seed)))) as [string, ...string[]];
    teachers.set(seed, { kind, paths, id: await idOf(kind, paths) });
  }
  const ids = [...new Set([...teachers.values()].map(({ id }) => id))];
  const id = ids.length === 1 ? ids[0]! : contentKey(ids);
  return {
    ...setting,
    training: {
      teacher: SHARE,
      ...training,
      ...(kind === 'model' ? { teacherModel: id } : { teacherPredictions: [id] }),
    },
    teachers,
  };
}

/** A hash of a saved model, or of the files of predictions. */
async function idOf(kind: SavedTeacher['kind'], paths: SavedTeacher['paths']): Promise<string> {
  if (kind === 'model') return modelId(paths[0]);
  const missing = paths.find((file) => !existsSync(file));
  if (missing !== undefined)
    fail({
      expected: `the predictions of a teacher in ${missing}`,
      received: 'no such file',
      fix: `Write them by the rows of polytask split --folds. For several seeds, pass "teachers/seed-${SEED}.csv".`,
    });
  return (await sha256Of(await Promise.all(paths.map((file) => readFile(file))))).slice(0, 16);
}

/**
 * Opens the teacher of a trial. It refuses one that has changed, and a model that was trained on another split of the same files.
 * Predictions have the ids of the rows.
 */
export async function openTeacher(
  { teacher, seed, config }: TrialSpec,
  tasks: Tasks,
): Promise<MultiTaskModel | readonly ExternalPredictions[]> {
  const { kind, paths, id } = teacher!;
  const [folder] = paths;
  if ((await idOf(kind, paths)) !== id)
    fail({
      expected: `the teacher in ${paths.join(' and ')} that the run began with`,
      received: kind === 'model' ? 'another model' : 'other predictions',
      fix: 'Run the command again: it trains with the new teacher.',
    });
  if (kind === 'predictions') return Promise.all(paths.map((file) => readExternal(file, tasks)));
  const trial = await trialOf(folder);
  const isAlike = (part: 'files' | 'split') => hashOf(trial!, part) === hashOf({ config }, part);
  if (trial && isAlike('files')) {
    if (!isAlike('split'))
      fail({
        expected: 'a teacher that was trained on the split of these rows',
        received: `${folder}, of another split of the same files: its training rows are test rows here`,
        fix: 'Train the teacher with the same "split" in its data set file.',
      });
    if (trial.seed !== seed && isSplitBySeed(config))
      fail({
        expected: `a teacher that was trained on the split of seed ${seed}`,
        received: `${folder}, of seed ${trial.seed}: its training rows are test rows here`,
        fix: `Train a teacher with --seed ${seed}. For several seeds, pass --teacher-model "teachers/${SEED}".`,
      });
  }
  return (await readTrainedModel(folder)).model;
}

/**
 * The teacher of a trial on the test rows, under the name of its folder or files, with warnings about its predictions. Undefined without
 * one from outside. Call it after all choices.
 */
export async function testedTeacher(
  data: OpenedData,
  spec: TrialSpec,
): Promise<(ComparedModel & { readonly warnings: readonly Finding[] }) | undefined> {
  if (!spec.teacher) return undefined;
  const { byTask: predictions, warnings } = await testTeacher(data, spec);
  const names = spec.teacher.paths.map((each) => path.relative('', each));
  return { trial: { model: names.join(' + ') }, predictions, warnings };
}

/** A hash of the files that a training read, whatever its features and tasks are, or of their split. */
function hashOf({ config }: Pick<TrialSpec | TrialResult, 'config'>, part: 'files' | 'split'): string {
  const document = config.data['file'] as { files?: unknown; split?: unknown } | undefined;
  return contentKey(document?.[part] ?? null);
}
