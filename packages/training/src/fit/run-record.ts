import {
  streamCounters,
  fail,
  PolytaskError,
  type Batch,
  type ExampleStream,
  readParameters,
  writeParameters,
  arraysOf,
} from '@polytask/core';
import {
  prepareDirectory,
  readNewest,
  writeCheckpoint,
  type Checkpoint,
  type FoundCheckpoint,
  type Identity,
} from '../checkpoints/checkpoint.ts';
import type { TrainingStep } from '../engine.ts';
import { isStream, spacedRows, type RowSource } from '../rows/rows.ts';
import { checkFinite } from '../diverged.ts';
import type { RunState } from '../progress/run-state.ts';
import type { Plan } from './options.ts';
import type { KeptWeights } from './weight-keeper.ts';
import { differences } from '../evaluation/check-examples.ts';
import { batchesInOrder } from '../rows/stream-batches.ts';

function checkIdentity(saved: Identity, own: Identity, place: string): void {
  const list = differences(saved, own);
  if (list.length === 0) return;
  const texts = list.map(({ path, expected, received }) => `${path}: ${expected} there, ${received} here`);
  throw new PolytaskError(
    `The checkpoint ${place} is of another run: ${texts.join('; ')}. Resume with the model, rows, options and code of that run, ` +
      'or train anew in another directory.',
  );
}

const SAMPLE = 64;

/** The number of rows, where that is known, and a hash of evenly spaced rows, or of the first rows of a stream. */
async function fingerprint(rows: RowSource): Promise<{ readonly rows: number | null; readonly sample: string }> {
  const batch = isStream(rows) ? await firstRows(rows) : rows.batch(spacedRows(rows.size, SAMPLE));
  const arrays = arraysOf(batch).map(({ of }) => of(batch)!);
  return { rows: rows.size ?? null, sample: hash(arrays) };
}

async function firstRows(stream: ExampleStream): Promise<Batch> {
  for await (const batch of batchesInOrder(stream, 1, SAMPLE)) return batch;
  return fail({ expected: 'rows in the stream', received: 'none', fix: 'Look at its source.' });
}

/** A hash of 64 bits in hexadecimal: FNV-1a over 32-bit words, from two different starts. */
function hash(arrays: readonly (Float32Array | Int32Array)[]): string {
  const lanes = [0x811c9dc5, 0x9e3779b9];
  for (const array of arrays) {
    for (const word of new Uint32Array(array.buffer, array.byteOffset, array.length)) {
      lanes[0] = Math.imul(lanes[0]! ^ word, 0x01000193);
      lanes[1] = Math.imul(lanes[1]! ^ (word >>> 7) ^ (word << 25), 0x01000193) ^ (lanes[1]! >>> 15);
    }
  }
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

export class RunRecord {
  #identity: Identity | undefined;
  /** The path of the newest checkpoint of this run. */
  newest: string | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly step: TrainingStep,
  ) {}

  isDueAfterStep(step: number): boolean {
    const { everySteps = Infinity } = this.plan.checkpoint ?? {};
    return step % everySteps === 0;
  }

  isDueAfterEpoch(epoch: number): boolean {
    const { everySteps, everyEpochs = everySteps === undefined ? 1 : Infinity } = this.plan.checkpoint ?? {};
    return epoch % everyEpochs === 0;
  }

  async open(): Promise<Checkpoint | undefined> {
    const { model, train, validation, recipe, stopping, checkpoint } = this.plan;
    const { shuffleBuffer, grouped: _, ...batches } = this.plan.batches; // the tasks say which losses they have
    const given = [...model.store.all(), ...model.store.tables()].filter(({ rate = 1 }) => rate !== 1);
    const rates = Object.fromEntries(given.map(({ name, rate }) => [name, rate] as const));
    this.#identity = {
      model: model.config,
      'training rows': await fingerprint(train),
      'validation rows': validation ? await fingerprint(validation) : null,
      // the number of epochs is not here: a resumed run may add some
      options: {
        ...{ ...batches, ...(isStream(train) && { shuffleBuffer }), ...recipe, stopping },
        ...(given.length > 0 && { rates }),
      },
      ...(checkpoint?.code !== undefined && { code: checkpoint.code }),
    };
    const found = await this.#source();
    const saved = found?.checkpoint;
    if (saved) checkIdentity(saved.identity, this.#identity, `"${found.path}"`);
    if (checkpoint) {
      await prepareDirectory(checkpoint.directory, found);
      this.newest = found?.path;
    }
    if (saved) {
      writeParameters(model.store, saved.parameters, `The checkpoint "${found.path}"`, { adopt: true });
      model.store.restoreStreams(saved.random);
      await this.step.restore(saved.slots, saved.state.step);
      if (saved.state.balancer !== undefined) this.step.balancer?.restore(saved.state.balancer);
    }
    return saved;
  }

  async #source(): Promise<FoundCheckpoint | undefined> {
    const { resume, checkpoint } = this.plan;
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

  async save(state: RunState, best: KeptWeights | undefined): Promise<void> {
    const { model, checkpoint } = this.plan;
    if (!checkpoint) return;
    await this.step.flush();
    const parameters = await readParameters(model.store);
    const slots = await this.step.readSlots();
    checkFinite(Object.entries({ ...parameters, ...slots }), state, this.newest);
    const { balancer } = this.step;
    const saved: Checkpoint = {
      ...{ identity: this.#identity!, random: streamCounters(model.store), parameters, slots },
      state: { ...state, ...(balancer && { balancer: balancer.state }) },
      ...{ best: best?.variables, changes: best?.changes ?? {} },
    };
    this.newest = await writeCheckpoint(checkpoint.directory, saved, checkpoint.keep);
  }
}
