import path from 'node:path';
import { fail, type MultiTaskModel } from '@polytask/core';
import { modelId, readTrainedModel } from '@polytask/data';
import {
  type ComparedModel,
  contentKey,
  isSplitBySeed,
  type OpenedData,
  type SavedTeacher,
  type Setting,
  type Suite,
  testTeacher,
  type TrialResult,
  type TrialSpec,
} from '@polytask/study';
import { trialOf } from './model-folder.ts';

const SEED = '{seed}';

/** The share of a teacher in the labels, if only the teacher is given. */
const SHARE = 0.5;

/** The suite with hashes of its teachers in place of their folders, so that a teacher that has changed is another training. */
export async function withTeachers(suite: Suite): Promise<Suite> {
  return { ...suite, settings: await Promise.all(suite.settings.map((setting) => withTeacher(setting, suite))) };
}

async function withTeacher(setting: Setting, { seeds, searchSeed, folds }: Suite): Promise<Setting> {
  const { teacherModel, ...training } = setting.training;
  if (teacherModel === undefined) return setting;
  if (folds !== undefined)
    fail({
      expected: 'no folds with a trained teacher: its training rows are test rows of some fold',
      received: `${folds} folds`,
      fix: 'Leave folds out.',
    });
  const teachers = new Map<number, SavedTeacher>();
  for (const seed of new Set([...seeds, searchSeed])) {
    const folder = path.resolve(teacherModel.replaceAll(SEED, String(seed)));
    teachers.set(seed, { folder, id: await modelId(folder) });
  }
  const ids = [...new Set([...teachers.values()].map(({ id }) => id))];
  const [only = ''] = ids;
  return {
    ...setting,
    training: { teacher: SHARE, ...training, teacherModel: ids.length === 1 ? only : contentKey(ids) },
    teachers,
  };
}

/** Opens the teacher of a trial. It refuses one that has changed, and one that was trained on another split of the same files. */
export async function openTeacher({ teacher, seed, config }: TrialSpec): Promise<MultiTaskModel> {
  const { folder, id } = teacher!;
  if ((await modelId(folder)) !== id)
    fail({
      expected: `the teacher in ${folder} that the run began with`,
      received: 'another model',
      fix: 'Run the command again: it trains with the new teacher.',
    });
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

/** The teacher of a trial on the test rows, under its folder's name. Undefined without a saved one. Call it after all choices. */
export async function testedTeacher(data: OpenedData, spec: TrialSpec): Promise<ComparedModel | undefined> {
  if (!spec.teacher) return undefined;
  const { byTask: predictions } = await testTeacher(data, spec);
  return { trial: { model: path.relative('', spec.teacher.folder) }, predictions };
}

/** A hash of the files that a training read, whatever its features and tasks are, or of their split. */
function hashOf({ config }: Pick<TrialSpec | TrialResult, 'config'>, part: 'files' | 'split'): string {
  const document = config.data['file'] as { files?: unknown; split?: unknown } | undefined;
  return contentKey(document?.[part] ?? null);
}
