import { PolytaskError, type Calibrated, type MultiTaskModel, type Task, type Tasks } from '@polytask/core';
import { calibratedScores, mapValues } from '@polytask/core/internal';
import { evaluate } from '../evaluation/evaluate.ts';
import type { EvaluateGatesOptions } from '../evaluation/evaluate-gates.ts';
import type { TaskPredictions } from '../evaluation/predictions.ts';
import type { RowSource } from '../rows/rows.ts';
import { conformalMargin, conformalScores } from './conformal.ts';
import { type CalibrationChoices, type CalibrationPlan, planCalibration } from './plan-calibration.ts';
import { chooseThreshold } from './thresholds.ts';

export interface CalibrateOptions<T extends Tasks = Tasks>
  extends CalibrationChoices<T>, Pick<EvaluateGatesOptions, 'batchSize' | 'engine' | 'signal'> {}

/**
 * Fits calibrations of probabilities, split-conformal intervals and thresholds of decisions to rows that the model wasn't trained on, such
 * as its validation rows. They belong to the model from then on: `predict`, `save`, serving and ONNX files have them.
 *
 * A task keeps the choices that it has and that aren't named here; all are fitted to these rows anew. With one value for all tasks, tasks
 * that can't have it are left out. `fit` removes what was calibrated.
 *
 * @param examples labeled rows in memory, or a stream of rows
 * @returns what each task has now; a task without anything is missing
 * @throws PolytaskError for a choice that no task can have, or the named task can't, and for rows that are too few or have one label only
 * @example
 * await calibrate(model, validation, { calibration: 'isotonic', intervals: 0.9, threshold: { income: 'f1' } });
 * await save(model, 'people-calibrated');
 */
export async function calibrate<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: RowSource<T>,
  options: CalibrateOptions<NoInfer<T>>,
): Promise<{ readonly [K in keyof T]?: Calibrated }> {
  const { batchSize, engine, signal, ...choices } = options;
  const before = mapValues(model.schema.tasks, ({ calibrated }) => calibrated);
  const plan = await planCalibration(model.schema.tasks, choices);
  model.setCalibrated(mapValues(before, () => undefined) as Partial<typeof before>);
  try {
    const metrics = mapValues(model.schema.tasks, () => []);
    const { predictions } = await evaluate<T, Record<never, never>, undefined, true>(model, examples, {
      ...{ metrics, predictions: true, engine, signal },
      ...(batchSize !== undefined && { batchSize }),
    });
    const calibrated = await fitCalibrated(model.schema.tasks, plan, predictions);
    model.setCalibrated(calibrated);
    return calibrated;
  } catch (error) {
    model.setCalibrated(before as Partial<typeof before>);
    throw error;
  }
}

/**
 * Fits what a plan names, to predictions without a calibration.
 *
 * @param predictions of the labeled rows, as `evaluate` gives them
 * @throws PolytaskError for rows that are too few, or have one label only
 */
export async function fitCalibrated<T extends Tasks>(
  tasks: T,
  plan: CalibrationPlan<NoInfer<T>>,
  predictions: { readonly [K in keyof T]: TaskPredictions },
): Promise<{ readonly [K in keyof T]?: Calibrated }> {
  const { fitCalibration } = await import('@polytask/core/calibration');
  const fitted = Object.entries<Task>(tasks).flatMap(([name, task]) => {
    const { calibration: method, level, rule } = plan[name]!;
    const own = predictions[name]!;
    const calibration =
      method === undefined
        ? undefined
        : named(name, () => fitCalibration(method, task, { ...own, scores: own.predictions }));
    const rows = calibratedPredictions({ ...task, calibrated: calibration && { calibration } } as Task, own);
    const scores = level === undefined ? undefined : conformalScores(name, task, rows);
    const calibrated: Calibrated = {
      ...(calibration && { calibration }),
      ...(scores && {
        interval: { level: level!, margin: conformalMargin(scores, own.weights, level!, name) + ROUNDING },
      }),
      ...(rule && { threshold: { at: named(name, () => chooseThreshold(rule, rows)), rule } }),
    };
    return Object.keys(calibrated).length === 0 ? [] : [[name, calibrated]];
  });
  return Object.fromEntries(fitted) as { readonly [K in keyof T]?: Calibrated };
}

/**
 * The predictions with the calibration of the task.
 *
 * @param predictions without a calibration
 */
export const calibratedPredictions = (task: Task, predictions: TaskPredictions): TaskPredictions => ({
  ...predictions,
  predictions: calibratedScores(task, predictions.predictions),
});

/** More than float32 rounds predictions by, so that rows at the margin, of which there may be many, stay within. */
const ROUNDING = 1e-6;

/** Names the task in errors. */
function named<R>(task: string, fit: () => R): R {
  try {
    return fit();
  } catch (error) {
    if (!(error instanceof PolytaskError)) throw error;
    throw new PolytaskError(`Task "${task}": ${error.message}`, { cause: error });
  }
}
