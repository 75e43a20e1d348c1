import { defineFinding, mapValues, fail } from '@polytask/components';
import {
  multiTaskModel,
  predictionTypeOf,
  trainerOf,
  type Examples,
  type MultiTaskModel,
  type Tasks,
  type LevelReport,
  permutation,
  randomStream,
  kindOf,
  type Task,
} from '@polytask/core';
import {
  cosine,
  earlyStopping,
  evaluate,
  evaluateGradients,
  findLearningRate,
  fit,
  type FitResult,
  type LearningRate,
  evaluateGates,
  softLabels,
  takesSoftLabels,
} from '@polytask/training';
import { gradientBoosting } from '@polytask/baselines';
import { isBetter } from '@polytask/metrics';
import { metricNames, selectionMeasure } from '../summary/metric-entries.ts';
import type { VisibleRows } from './open-data.ts';
import { trainingOf, rounded, type FusionLevelWeights, type PartPredictions } from '../results/trial-result.ts';
import { optimizerAt } from '../training/choices.ts';
import type { TrainingHooks, TrialSpec, TrainingMode } from './trial-spec.ts';

const SCORE_DIGITS = 6;

/** A trained model with the weights of its best epoch. */
export interface TrainedModel {
  readonly model: MultiTaskModel;
  /** An average of models has no epochs of its own. */
  readonly fitted: Pick<FitResult, 'history' | 'epochs' | 'best' | 'warnings'>;
  /** The learning rate that a range test found. Undefined without one. */
  readonly learningRate?: number | undefined;
  /** The seconds of training and validation, those before an interruption included. */
  readonly seconds: number;
}

/** The hash of a teacher from outside. Undefined for gradient boosting, and without a teacher. */
function outsideTeacher(config: TrialSpec['config']): string | undefined {
  const { teacher = 0, teacherModel, teacherPredictions } = trainingOf(config);
  if (teacher === 0 || trainerOf(config.model.network)) return undefined;
  return teacherModel ?? teacherPredictions?.join(' ');
}

const unused = /* @__PURE__ */ defineFinding<never, { measure: string; taught: number; alone: number }>(
  'unused-teacher',
  {
    severity: 'note',
    says: ({ measure, taught, alone }) =>
      `The teacher isn't used: on the validation rows, the ${measure} is ${alone.toFixed(SCORE_DIGITS - 2)} without it and ${taught.toFixed(SCORE_DIGITS - 2)} with it.`,
  },
);

/**
 * Trains the model of a spec, and chooses the epoch on the validation rows. With a teacher from outside, the model is trained with the labels
 * alone, too, and the better one on the validation rows stays; a search compares its configurations itself. The caller disposes of the model.
 */
export async function trainModel(visible: VisibleRows, spec: TrialSpec, hooks: TrainingHooks): Promise<TrainedModel> {
  const taught = await trainOnce(visible, spec, spec.config, hooks);
  if (outsideTeacher(spec.config) === undefined || spec.measures === 'validation') return taught;
  const { selection } = trainingOf(spec.config);
  const config = { ...spec.config, training: { ...spec.config.training, teacher: 0 } };
  const checkpoints = hooks.checkpoints === undefined ? undefined : `${hooks.checkpoints}-alone`;
  try {
    const alone = await trainOnce(visible, spec, config, { ...hooks, checkpoints });
    const { direction, mean: measure } = selectionMeasure(selection);
    const [valueOf, seconds] = [
      ({ fitted }: TrainedModel) => fitted.best?.value ?? NaN,
      taught.seconds + alone.seconds,
    ];
    const values = { taught: valueOf(taught), alone: valueOf(alone) };
    if (!isBetter(direction, values.alone, values.taught)) {
      alone.model.dispose();
      return { ...taught, seconds };
    }
    taught.model.dispose();
    const warnings = [...alone.fitted.warnings, unused({}, { measure, ...values })];
    return { ...alone, fitted: { ...alone.fitted, warnings }, seconds };
  } catch (error) {
    taught.model.dispose();
    throw error;
  }
}

async function trainOnce(
  visible: VisibleRows,
  spec: TrialSpec,
  config: TrialSpec['config'],
  { onEpoch, signal, checkpoints, start: startOf }: TrainingHooks,
): Promise<TrainedModel> {
  const { seed, mode } = spec;
  const { rate, balancing, size: _, chosen: __, code, from: ___, ...parts } = config.model;
  const { train, validation } = visible;
  const training = trainingOf(config);
  const { epochs, batchSize, patience, selection, headStart = 'random', schedule, trainable, rates } = training;
  const model =
    (await startOf?.(train.schema, spec)) ?? multiTaskModel({ schema: train.schema, ...parts, headStart, seed });
  try {
    const start = performance.now();
    const rows = await rowsToTrain(visible, { config, seed, mode }, signal);
    const how = {
      ...{ batchSize, seed },
      ...(trainable && { trainable }),
      ...(rates && { rates }),
      ...(balancing && { balancing }),
      engine: mode, // without a fallback: the result names the engine
      ...(signal && { signal }),
    };
    const isFound = training.learningRate === 'find' && !trainerOf(model.config.network);
    const atRate = (rate: LearningRate) => optimizerAt(training, rate);
    const found = isFound ? await findLearningRate(model, rows, { ...how, optimizer: atRate }) : undefined;
    const learningRate = found && Number(found.suggestion.toPrecision(3)); // the test isn't more exact
    const given = training.learningRate === 'find' ? 1 : training.learningRate; // 1 for trees, which have none
    const highest = (learningRate ?? given) * (isFound ? 1 : rate);
    const fitted = await fit(model, rows, {
      ...how,
      epochs,
      optimizer: atRate(schedule === 'cosine' ? cosine(highest, { epochs }) : highest),
      validation,
      metrics: metricNames(train.schema.tasks),
      stopping: earlyStopping({ metric: selection, patience }),
      progress: false,
      callbacks: {
        onEpochEnd: (report) =>
          onEpoch?.(report.epoch, async () => ({
            losses: report.losses,
            validation: scoresOf(report.validation, selection),
            fusion: await measureFusion(model, validation, mode),
            gradients: await evaluateGradients(model, validation),
          })),
      },
      ...(checkpoints !== undefined && {
        checkpoint: { directory: checkpoints, ...(code !== undefined && { code }) },
        resume: true,
      }),
    });
    const seconds = Math.max(fitted.seconds, (performance.now() - start) / 1000); // a resumed training began earlier
    return { model, fitted: fitted as FitResult, learningRate, seconds };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The predictions of a model on validation rows, which have no groups. */
export async function predictionsOn(
  model: MultiTaskModel,
  rows: Examples,
  engine: TrainingMode,
): Promise<PartPredictions> {
  const { predictions } = await evaluate(model, rows, { engine, predictions: true });
  return { size: rows.size, byTask: predictions, groups: undefined };
}

/** The selection measure of each task. @param validation by task and metric; undefined without validation rows */
export const scoresOf = (
  validation: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
  selection: string,
): Record<string, number> => mapValues(validation, (values) => rounded(values[selection] ?? NaN, SCORE_DIGITS));

/** The measure that chooses epochs: the mean AUC if all tasks are binary, else the mean normalized loss. */
export const selectionFor = (tasks: Tasks): 'auc' | 'normalizedLoss' =>
  Object.values(tasks).every((task) => predictionTypeOf(task).hasDecision) ? 'auc' : 'normalizedLoss';

const DIGITS = 5;

/** Measures the fusion weights of a model on some rows, level by level, with the entropy and effective number of experts of each lane. */
export async function measureFusion<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
  engine: TrainingMode,
): Promise<FusionLevelWeights[]> {
  const levels = await evaluateGates(model, rows, { engine });
  return levels.map(({ weights, units }) => {
    const uses = Object.values(units);
    return {
      ...compact(weights),
      ...(!isChoice(weights) && {
        entropy: uses.map(({ entropy }) => rounded(entropy, DIGITS)),
        effectiveExperts: uses.map(({ effectiveExperts }) => rounded(effectiveExperts, DIGITS)),
      }),
    };
  });
}

/** Whether each lane reads one expert, the same for all rows. Such a level has no entropy. */
const isChoice = ({ gated, gatedDeviation, constant }: LevelReport): boolean =>
  [gated, gatedDeviation].flat(2).every((value) => value === 0) &&
  constant.every((row) => row.filter((value) => value !== 0).length === 1);

const compact = ({ outputs, experts, gated, gatedDeviation, constant }: LevelReport): FusionLevelWeights => {
  const table = (values: number[][]) => values.map((row) => row.map((value) => rounded(value, DIGITS)));
  return {
    outputs: [...outputs],
    experts: experts.map(({ unit, index }) => `${unit}.${index}`),
    gated: table(gated),
    gatedDeviation: table(gatedDeviation),
    constant: table(constant),
  };
};

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
 * The rows that a trial trains on: some of the training rows if it asks for fewer, with the labels of its teacher if it has one: one from
 * outside, or gradient boosting of five folds, which keep together what the split of the data does and stop early on the validation rows.
 */
export function rowsToTrain(
  { train: all, validation, trainUnits, teacher }: VisibleRows,
  { config, seed, mode }: Pick<TrialSpec, 'config' | 'seed' | 'mode'>,
  signal?: AbortSignal,
): Promise<Examples> | Examples {
  const { teacher: share = 0, trainingRows = Infinity, selection, patience } = trainingOf(config);
  const outside = outsideTeacher(config);
  const isSample = trainingRows < all.size;
  const train = isSample ? shared(all, `${trainingRows} ${seed}`, () => sample(all, trainingRows, seed)) : all;
  if (share === 0 || trainerOf(config.model.network)) return train;
  if (outside !== undefined) {
    if (!teacher)
      return fail({
        expected: 'the files of the teacher of this trial',
        received: 'only their hash',
        fix: 'Train the trial by train or bench with --teacher-model or --teacher-predictions.',
      });
    return once(train, JSON.stringify([share, seed, mode, outside]), async () => {
      const opened = await teacher();
      if ('predictions' in opened) {
        const taught = await softLabels(all, opened, { share, seed });
        return isSample ? sample(taught, trainingRows, seed) : taught;
      }
      const { model, rows } = opened;
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
  const teach = async (rows: Examples) => {
    const model = multiTaskModel({ schema: { features, tasks }, ...gradientBoosting(), seed });
    const stopping = earlyStopping({ metric: selection, patience });
    await fit(model, rows, { validation, stopping, engine: mode, progress: false, ...(signal && { signal }) });
    return model;
  };
  return once(train, JSON.stringify([share, seed, mode, selection, patience]), () => {
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
