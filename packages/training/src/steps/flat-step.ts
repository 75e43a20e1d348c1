import { type GatheredBatch, type MultiTaskModel, type NamedTensor } from '@polytask/core';
import { namedLosses } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { trainingStep, type BalancingReport, type Recipe, type TrainingStep, type UpdateSettings } from '../engine.ts';
import { FlatOptimizer } from '../optimizers/flat/flat-optimizer.ts';
import { checkSlots, slotName, type OptimizerSpec, type ClipOptions } from '../optimizers/optimizer.ts';
import { type TableState, tableState } from '../optimizers/tables/table-state.ts';

export interface ParameterPosition {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly size: number;
}

/** The trained parameters, their gradients and the slots of the optimizer, as flat host buffers, beside tables with sparse updates. */
export class FlatState {
  readonly places: readonly ParameterPosition[];
  readonly parameters: Float32Array;
  /** The gradients that {@link update} consumes, in the order of the parameters. */
  readonly gradients: Float32Array;
  readonly tables: TableState;
  readonly #ranges: { readonly from: number; size: number; readonly rate: number }[] = [];
  readonly #store: MultiTaskModel['store'];
  readonly #spec: OptimizerSpec;
  readonly #optimizer: FlatOptimizer;

  constructor(
    model: Pick<MultiTaskModel, 'layout' | 'store'>,
    { optimizer, tableOptimizer = optimizer }: Pick<Recipe, 'optimizer' | 'tableOptimizer'>,
  ) {
    this.#store = model.store;
    this.#spec = optimizer;
    let from = 0;
    this.places = model.store.trainable().map(({ name, variable: { shape, size }, rate = 1 }) => {
      const place = { name, shape, from, size };
      const last = this.#ranges.at(-1);
      if (last?.rate === rate) last.size += size;
      else this.#ranges.push({ from, size, rate });
      from += size;
      return place;
    });
    this.#optimizer = new FlatOptimizer(optimizer, from);
    this.parameters = this.#optimizer.parameters;
    this.gradients = this.#optimizer.gradients;
    this.tables = tableState(model, tableOptimizer);
  }

  update({ step, learningRate, tableLearningRate }: UpdateSettings): void {
    for (const { from, size, rate } of this.#ranges)
      this.#optimizer.update({ step, learningRate: learningRate * rate }, from + size, from);
    this.tables.update({ step, learningRate: tableLearningRate });
  }

  /** Sets the gradients of the parameters and of the gathered rows for this batch size, which follow one another. */
  setGradients(all: Float32Array, batchSize: number): void {
    let from = this.gradients.length;
    this.gradients.set(all.subarray(0, from));
    for (const { optimizer } of this.tables.rows(batchSize)) {
      optimizer.gradients.set(all.subarray(from, from + optimizer.gradients.length));
      from += optimizer.gradients.length;
    }
  }

  async read(): Promise<void> {
    for (const { name, from } of this.places)
      this.parameters.set(await this.#store.get(name).variable.data<'float32'>(), from);
  }

  write(): void {
    tf.tidy(() => {
      for (const { name, shape, from, size } of this.places) {
        const values = this.parameters.slice(from, from + size);
        this.#store.get(name).variable.assign(tf.tensor(values, [...shape], 'float32'));
      }
    });
  }

  /** The slots by name: copies, but for those of tables. */
  slots(): Record<string, NamedTensor> {
    const own = this.#named().map(({ key, shape, from, size, values }): [string, NamedTensor] => [
      key,
      { dtype: 'float32', shape, data: values.slice(from, from + size) },
    ]);
    return { ...Object.fromEntries(own), ...this.tables.slots() };
  }

  restoreSlots(slots: Readonly<Record<string, NamedTensor>>): void {
    const own = this.#named();
    const rest = this.tables.restoreSlots(slots);
    checkSlots(Object.fromEntries(own.map(({ key, shape }) => [key, shape])), rest);
    for (const { key, from, values } of own) values.set(rest[key]!.data, from);
  }

  #named(): (ParameterPosition & { readonly key: string; readonly values: Float32Array })[] {
    return this.places.flatMap((place) =>
      Object.entries(this.#optimizer.slots).map(([slot, values]) => ({
        ...place,
        key: slotName(this.#spec, slot, place.name),
        values,
      })),
    );
  }
}

export interface Part {
  readonly from: number;
  readonly size: number;
}

/**
 * The computations that a balanced step requests for a batch. L_i is the loss of task i times the weight of the task. Every
 * kind returns `losses` [tasks + auxiliary + 1], as a plain step does, and:
 *
 * - `plain`: the clipped gradients of the sum of losses, which are written into the flat state
 * - `losses`: nothing more
 * - `reach`: `reach` [T, slices], the largest absolute gradient of each task in each slice of each parameter. Slices are along
 *   the first dimension. The model runs as in serving, without random numbers
 * - `sharing`: `sharing` [T, experts of all levels], the largest absolute gradient of each task with respect to each expert
 * - `representation`: `gramian` [T, T] of the gradients with respect to the values at a cut through the network
 * - `rotations`: the same `gramian`, and `pulls` [T, m, m] at the rotations of the model
 * - `weighted`: `gradients` [P] of Σ w_i L_i
 * - `jacobian`: `jacobian` [T, S] over the shared parameters, its `gramian`, and `gradients` [P] of Σ L_i
 *
 * `weighted` and `jacobian` also return `auxiliary` [P], the gradient of the auxiliary losses, when the model has such losses.
 */
export type PassKind =
  'plain' | 'losses' | 'reach' | 'sharing' | 'representation' | 'rotations' | 'weighted' | 'jacobian';

export interface PassNumbers {
  readonly losses: Float32Array;
  readonly gradients?: Float32Array;
  readonly auxiliary?: Float32Array;
  readonly jacobian?: Float32Array;
  readonly gramian?: Float32Array;
  readonly reach?: Float32Array;
  readonly sharing?: Float32Array;
  readonly pulls?: Float32Array;
}

/** Runs passes of one batch, with the same random numbers. */
export type RunPass = (kind: PassKind, options?: PassRequest) => Promise<PassNumbers>;

export interface PassRequest {
  /** The bounds of the gradients, for `plain`. They must be the same in each call. */
  readonly clip?: ClipOptions | undefined;
  /** The weights w_i [T], for `weighted`. */
  readonly weights?: readonly number[];
  /** The shared parameters, for `jacobian`. They must be the same in each call. */
  readonly shared?: readonly Part[];
  /** The cut, for `representation` and `rotations`. It must be the same in each call. */
  readonly cut?: string | undefined;
}

/** The part of a balanced step that depends on the engine: the passes on the current parameters. */
export interface EnginePasses {
  readonly name: string;
  /** The names of the auxiliary losses of the last pass. */
  auxiliary(): readonly string[];
  /** The passes of one batch, with the gathered rows of the flat state. The last pass with gradients updates the running statistics. */
  begin(batch: GatheredBatch): RunPass;
  assign(name: string, values: Float32Array): void;
  /** Notes that the flat parameters have changed. */
  changed(): void;
  flush(): void;
  /** Copies all numbers from the store of the model, also into the flat state. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface FlatGradients {
  readonly losses: Float32Array;
  readonly balancing?: BalancingReport;
  /** Whether there are gradients: a balancer has none for losses that aren't finite. */
  readonly hasGradients: boolean;
  /** Changes what no optimizer trains, after the update. */
  readonly finish?: (() => void) | undefined;
}

export interface GradientSource extends Pick<TrainingStep, 'balancer'> {
  gradients(run: RunPass, batch: GatheredBatch, at: UpdateSettings, epoch: number): Promise<FlatGradients>;
  /** Continues with the numbers in the store of the model. */
  reload?(): Promise<void>;
}

/** Steps over the passes of an engine. Parameters, gradients and slots are flat host buffers. The optimizer updates all in one pass. */
export const flatStep = (
  { taskNames }: Pick<MultiTaskModel, 'taskNames'>,
  { state, passes, source }: { state: FlatState; passes: EnginePasses; source: GradientSource },
): TrainingStep =>
  trainingStep({
    ...{ name: passes.name, inFlight: 1, tables: state.tables },
    ...(source.balancer && { balancer: source.balancer }),

    async step(batch, at, epoch) {
      const { losses, balancing, hasGradients, finish } = await source.gradients(passes.begin(batch), batch, at, epoch);
      if (hasGradients) {
        state.update(at);
        finish?.();
        passes.changed();
      }
      return async () => ({ ...namedLosses(losses, taskNames, passes.auxiliary()), ...(balancing && { balancing }) });
    },

    flush: () => passes.flush(),
    readSlots: async () => state.slots(),
    async restore(slots) {
      state.restoreSlots(slots);
      await passes.reload();
      await source.reload?.();
    },
    close: () => passes.close(),
  });
