import { anything, type FromDescription, type Option, optional, readOptions, type Written } from '@polytask/components';
import type { MultiTaskModel } from '@polytask/core';
import { type OpenedData, rowsOfSpec, sealedRows, type VisibleRows } from './open-data.ts';
import { positionOf, type RunListener } from './run-listener.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { type Environment, type TestedModel, testModel } from './test-model.ts';
import { type TrainedModel, trainModel } from './train-model.ts';
import type { TrainingHooks, TrialSpec } from './trial-spec.ts';

/** A trained model with the result of its trial. The caller disposes of the model. */
export interface TrainedTrial extends TestedModel {
  readonly model: MultiTaskModel;
  /** The result of the calibrated model. Undefined for a model that isn't calibrated. */
  readonly calibrated?: TrialResult | undefined;
}

/** A trained model with the spec that it was trained by. */
export interface TrainedSpec extends TrainedModel {
  readonly spec: TrialSpec;
}

export const trainAndTestOptions = {
  /** Makes the model to train, as a training's `start` does. Default: a new one of the spec. */
  start: optional(anything as Option<NonNullable<TrainingHooks['start']>>),
  data: anything as Option<OpenedData>,
  /** The versions and the machine that results name. */
  environment: anything as Option<Environment>,
  /** The directory of a trial's checkpoints. A training that was interrupted there goes on. Default: no checkpoints. */
  checkpoints: optional(anything as Option<(spec: TrialSpec) => string>),
  /** Whether a trial, by its 0-based index, should end after its current epoch. Default: never. */
  isLate: optional(anything as Option<(trial: number) => boolean>),
  /** Whether to leave a trial out, by its 0-based index, asked before it starts. Default: never. */
  isLeftOut: optional(anything as Option<(trial: number) => boolean>),
  /**
   * Chooses the models to test, given the trained ones in the order of the specs, before the test rows are opened. It may add models that
   * it makes of the trained ones. Those that it leaves out are disposed of. Default: all.
   */
  choose: optional(
    anything as Option<(trained: readonly TrainedSpec[], visible: VisibleRows) => Promise<readonly TrainedSpec[]>>,
  ),
  /** Calibrates each of the first models after their test, and has them tested again. */
  calibrate: optional(anything as Option<readonly ((model: MultiTaskModel) => Promise<unknown>)[]>),
  listener: optional(anything as Option<RunListener>),
  signal: optional(anything as Option<AbortSignal>),
};

export interface TrainAndTestOptions extends Written<typeof trainAndTestOptions>, FromDescription {}

/**
 * Trains the models of some trials on the same rows, one after the other, and then evaluates them on the test rows, which are opened
 * once. No training and no choice can depend on the test rows.
 *
 * @param specs one or more trials with one request and one seed
 * @returns the models in the order of the specs, or of the choice
 * @throws PolytaskError for an unknown option; the error of a training, or the reason of the signal
 * @example const [{ model, trial }] = await trainAndTest(planTrials(setting), { data, environment: { versions: {} } });
 */
export async function trainAndTest(specs: readonly TrialSpec[], options: TrainAndTestOptions): Promise<TrainedTrial[]> {
  readOptions(options, trainAndTestOptions, 'trainAndTest');
  const { data, environment, listener = {}, choose = (trained: readonly TrainedSpec[]) => trained } = options;
  const [first] = specs as readonly [TrialSpec];
  const { test: openTest, ...visible } = sealedRows(await rowsOfSpec(data, first));
  const models = new Set<MultiTaskModel>();
  try {
    const all: TrainedSpec[] = [];
    for (const [i, spec] of specs.entries()) {
      if (options.isLeftOut?.(i)) continue;
      const place = positionOf(spec, i, specs.length);
      listener.onTrialStart?.(place);
      const trained = await trainModel(visible, spec, {
        ...{ signal: options.signal, start: options.start, checkpoints: options.checkpoints?.(spec) },
        onEpoch(epoch) {
          listener.onEpoch?.(epoch, place);
          return options.isLate?.(i) ? 'stop' : undefined;
        },
      });
      models.add(trained.model);
      all.push({ spec, ...trained });
    }
    const chosen = await choose(all, visible);
    const kept = new Set(chosen.map(({ model }) => model));
    for (const model of kept) models.add(model);
    const test = openTest();
    const tested: TrainedTrial[] = [];
    for (const [i, trained] of chosen.entries()) {
      const result = await testModel(trained, trained.spec, visible, test, environment);
      listener.onTrialEnd?.(result.trial, positionOf(trained.spec, i, chosen.length));
      tested.push({ ...result, model: trained.model });
    }
    for (const [i, calibrate] of (options.calibrate ?? []).entries()) {
      const trained = chosen[i]!;
      await calibrate(trained.model);
      const again = await testModel(trained, { ...trained.spec, diagnosed: false }, visible, test, environment);
      const { seconds, warnings } = tested[i]!.trial;
      tested[i] = { ...tested[i]!, calibrated: { ...again.trial, seconds, warnings } };
    }
    for (const model of models) if (!kept.has(model)) model.dispose();
    return tested;
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
}
