import { streamCounters, fail, readParameters, writeParameters, type Tasks } from '@polytask/core';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { CheckpointFolder, readNewest, type FoundCheckpoint } from '../checkpoints/checkpoint-folder.ts';
import { checkIdentity, identityOf, type Identity } from '../checkpoints/identity.ts';
import type { TrainingStep } from '../engine.ts';
import { isStream } from '../rows/rows.ts';
import { checkFinite } from '../diverged.ts';
import type { KeptWeights } from './kept-weights.ts';
import type { RunState } from '../progress/run-state.ts';
import type { BasicPlan } from './plan.ts';

/** Reads and writes the checkpoints of a run. */
export class RunRecord<T extends Tasks> {
  readonly #plan: BasicPlan<T>;
  readonly #step: TrainingStep;
  readonly #folder: CheckpointFolder | undefined;
  #identity: Identity | undefined;

  constructor(plan: BasicPlan<T>, step: TrainingStep) {
    const { checkpoint } = plan;
    this.#plan = plan;
    this.#step = step;
    this.#folder = checkpoint && new CheckpointFolder(checkpoint.directory, checkpoint.keep);
  }

  /** The newest checkpoint of the run. */
  get newest(): string | undefined {
    return this.#folder?.newest;
  }

  isDueAfterStep(step: number): boolean {
    const { everySteps = Infinity } = this.#plan.checkpoint ?? {};
    return step % everySteps === 0;
  }

  isDueAfterEpoch(epoch: number): boolean {
    const { everySteps, everyEpochs = everySteps === undefined ? 1 : Infinity } = this.#plan.checkpoint ?? {};
    return epoch % everyEpochs === 0;
  }

  /** Restores the checkpoint that the run resumes. Returns undefined when the run starts without a checkpoint. */
  async open(): Promise<Checkpoint | undefined> {
    const { model, train, validation, recipe, stopping } = this.#plan;
    const { shuffleBuffer, grouped: _, ...batches } = this.#plan.batches; // the tasks say which losses they have
    const given = [...model.store.all(), ...model.store.tables()].filter(({ rate = 1 }) => rate !== 1);
    const rates = Object.fromEntries(given.map(({ name, rate }) => [name, rate]));
    const settings = {
      ...{ ...batches, ...(isStream(train) && { shuffleBuffer }), ...recipe, stopping },
      ...(given.length > 0 && { rates }),
    };
    this.#identity = await identityOf(model, { train, validation }, settings, this.#plan.checkpoint?.code);
    const found = await this.#source();
    const saved = found?.checkpoint;
    if (saved) checkIdentity(saved.identity, this.#identity, `"${found.path}"`);
    await this.#folder?.open(found);
    if (saved) {
      writeParameters(model.store, saved.parameters, `The checkpoint "${found.path}"`, { adopt: true });
      model.store.restoreStreams(saved.random);
      await this.#step.restore(saved.slots, saved.state.step);
      if (saved.state.balancer !== undefined) this.#step.balancer?.restore(saved.state.balancer);
    }
    return saved;
  }

  async #source(): Promise<FoundCheckpoint | undefined> {
    const { resume, checkpoint } = this.#plan;
    if (resume === false) return undefined;
    if (resume === true) return readNewest(checkpoint!.directory);
    return (
      (await readNewest(resume)) ??
      fail({
        expected: `a checkpoint in "${resume}" to resume from`,
        received: 'none',
        fix: 'Pass resume: true to begin where there is none.',
      })
    );
  }

  /**
   * Writes a checkpoint, when the plan has a directory.
   *
   * @throws Diverged when a parameter or a slot isn't finite
   */
  async save(state: RunState, best: KeptWeights | undefined): Promise<void> {
    if (!this.#folder) return;
    const { model } = this.#plan;
    await this.#step.flush();
    const parameters = await readParameters(model.store);
    const slots = await this.#step.readSlots();
    checkFinite(Object.entries({ ...parameters, ...slots }), state, this.newest);
    const random = streamCounters(model.store);
    const balancer = this.#step.balancer;
    await this.#folder.write({
      identity: this.#identity!,
      state: { ...state, ...(balancer && { balancer: balancer.state }) },
      random,
      parameters,
      slots,
      best: best?.variables,
      changes: best?.changes ?? {},
    });
  }
}
