import { readOptions, checks, type MultiTaskModel, type Options } from '@polytask/core';
import { type OpenedData, rowsOfSpec, sealedRows, type VisibleRows } from './open-data.ts';
import type { RunListener, TrialPosition } from './run-listener.ts';
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
export interface TrainedSpec {
  readonly spec: TrialSpec;
  readonly trained: TrainedModel;
}

export interface TrainAndTestOptions extends Pick<TrainingHooks, 'start'> {
  readonly data: OpenedData;
  /** The versions and the machine that results name. */
  readonly environment: Environment;
  /** The directory of a trial's checkpoints. A training that was interrupted there goes on. Default: no checkpoints. */
  readonly checkpoints?: ((spec: TrialSpec) => string) | undefined;
  /** Whether a trial should end after its current epoch. Default: never. @param trial the 0-based index of the trial */
  readonly isLate?: ((trial: number) => boolean) | undefined;
  /** Whether to leave a trial out, asked before it starts. Default: never. @param trial the 0-based index of the trial */
  readonly isLeftOut?: ((trial: number) => boolean) | undefined;
  /**
   * Chooses the models to test, before the test rows are opened. It may add models that it makes of the trained ones. Those that it
   * leaves out are disposed of. Default: all.
   *
   * @param trained in the order of the specs
   */
  readonly choose?:
    ((trained: readonly TrainedSpec[], visible: VisibleRows) => Promise<readonly TrainedSpec[]>) | undefined;
  /** Calibrates the first model after its test, and has it tested again. */
  readonly calibrate?: ((model: MultiTaskModel) => Promise<unknown>) | undefined;
  readonly listener?: RunListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

const { anything } = checks;

/** The checks of the options, for core's `readOptions`. */
export const trainAndTestOptions: Options<TrainAndTestOptions> = {
  data: anything,
  environment: anything,
  checkpoints: anything,
  start: anything,
  isLate: anything,
  isLeftOut: anything,
  choose: anything,
  calibrate: anything,
  listener: anything,
  signal: anything,
};

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
  const { test: sealed, ...visible } = sealedRows(await rowsOfSpec(data, first));
  const models = new Set<MultiTaskModel>();
  try {
    const all: TrainedSpec[] = [];
    for (const [i, spec] of specs.entries()) {
      if (options.isLeftOut?.(i)) continue;
      const place = placeOf(spec, i, specs.length);
      listener.onTrialStart?.(place);
      const trained = await trainModel(visible, spec, hooksOf(spec, i, place, options));
      models.add(trained.model);
      all.push({ spec, trained });
    }
    const chosen = await choose(all, visible);
    const kept = new Set(chosen.map(({ trained: { model } }) => model));
    for (const model of kept) models.add(model);
    const test = sealed.open();
    const tested: TrainedTrial[] = [];
    for (const [i, { spec, trained }] of chosen.entries()) {
      const result = await testModel({ trained, visible, test, spec, environment });
      listener.onTrialEnd?.(result.trial, placeOf(spec, i, chosen.length));
      tested.push({ ...result, model: trained.model });
    }
    if (options.calibrate) {
      const [{ spec: planned, trained }] = chosen as readonly [TrainedSpec];
      await options.calibrate(trained.model);
      const [{ trial }] = tested as [TrainedTrial];
      const spec = { ...planned, diagnosed: false };
      const again = await testModel({ trained, visible, test, spec, environment });
      const { seconds, warnings } = trial;
      tested[0] = { ...tested[0]!, calibrated: { ...again.trial, seconds, warnings } };
    }
    for (const model of models) if (!kept.has(model)) model.dispose();
    return tested;
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
}

const placeOf = ({ setting, model, seed, config }: TrialSpec, i: number, of: number): TrialPosition => ({
  ...{ setting, model, seed, number: i + 1, of },
  epochs: config.training.epochs,
});

function hooksOf(spec: TrialSpec, i: number, place: TrialPosition, options: TrainAndTestOptions): TrainingHooks {
  const { checkpoints, isLate, listener, signal, start } = options;
  return {
    ...{ signal, start },
    checkpoints: checkpoints?.(spec),
    onEpoch(epoch) {
      listener?.onEpoch?.(epoch, place);
      return isLate?.(i) ? 'stop' : undefined;
    },
  };
}
