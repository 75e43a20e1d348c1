import type { MultiTaskModel } from '@polytask/core';
import type { OpenedData } from './open-data.ts';
import type { RunListener, TrialPlace } from './run-listener.ts';
import { sealedRows } from './sealed-rows.ts';
import { type Environment, type TestedModel, testModel } from './test-model.ts';
import { type TrainedModel, trainModel } from './train-model.ts';
import type { TrialSpec } from './trial-spec.ts';

/** A trained model with the result of its trial. The caller disposes of the model. */
export interface TrainedTrial extends TestedModel {
  readonly model: MultiTaskModel;
}

export interface TrainAndTestOptions {
  readonly data: OpenedData;
  /** The versions and the machine that results name. */
  readonly environment: Environment;
  /** The directory of a trial's checkpoints. A training that was interrupted there goes on. Default: no checkpoints. */
  readonly checkpoints?: ((spec: TrialSpec) => string) | undefined;
  /** Whether a trial should end after its current epoch. Default: never. @param trial the 0-based index of the trial */
  readonly isLate?: ((trial: number) => boolean) | undefined;
  readonly listener?: RunListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains the models of some trials on the same rows, one after the other, and then evaluates all of them on the test rows, which are
 * opened once. No training can depend on the test rows.
 *
 * @param specs one or more trials with one request and one seed
 * @returns the models in the order of the specs
 * @throws the error of a training, or the reason of the signal
 * @example const [{ model, trial }] = await trainAndTest(plan(setting), { data, environment: { versions: {} } });
 */
export async function trainAndTest(specs: readonly TrialSpec[], options: TrainAndTestOptions): Promise<TrainedTrial[]> {
  const { data, environment, checkpoints, isLate = () => false, listener = {}, signal } = options;
  const [{ request, seed }] = specs as readonly [TrialSpec];
  const { test: sealed, ...visible } = sealedRows(await data.rows(request, seed));
  const placeOf = ({ setting, model, config }: TrialSpec, i: number): TrialPlace => ({
    ...{ setting, model, seed, number: i + 1, of: specs.length },
    epochs: config.training.epochs,
  });
  const all: TrainedModel[] = [];
  try {
    for (const [i, spec] of specs.entries()) {
      const place = placeOf(spec, i);
      listener.onTrialStart?.(place);
      const onEpoch = (epoch: number) => {
        listener.onEpoch?.(epoch, place);
        return isLate(i) ? 'stop' : undefined;
      };
      all.push(await trainModel(visible, spec, { onEpoch, signal, checkpoints: checkpoints?.(spec) }));
    }
    const test = sealed.open();
    const tested: TrainedTrial[] = [];
    for (const [i, spec] of specs.entries()) {
      const trained = all[i]!;
      const result = await testModel({ trained, visible, test, spec, environment });
      listener.onTrialEnd?.(result.trial, placeOf(spec, i));
      tested.push({ ...result, model: trained.model });
    }
    return tested;
  } catch (error) {
    for (const { model } of all) model.dispose();
    throw error;
  }
}
