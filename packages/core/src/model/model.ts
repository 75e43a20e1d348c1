import * as tf from '@tensorflow/tfjs';
import { rowEncoder } from '../features/encode-rows.ts';
import { fail } from '../errors/errors.ts';
import { embed } from '../features/embed.ts';
import type { Batch, Examples } from '../features/batch.ts';
import { toTensors, type BatchTensors, type FeatureTensors } from '../features/batch-tensors.ts';
import type { InputSpec } from '../features/input.ts';
import { layoutOf, type Layout } from '../features/layout.ts';
import { readable } from '../features/readable.ts';
import type { Row, Schema } from '../features/schema.ts';
import type { ExpertSpec } from '../fusion/expert.ts';
import { type Lanes, tapLanes } from '../fusion/lanes.ts';
import { createNetwork, type Network, type NetworkSpec } from '../fusion/network.ts';
import type { Call } from '../layers/layer.ts';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { oneOf } from '../specs/checks.ts';
import { checkSpec } from '../specs/registry.ts';
import { checkAuxiliary, taskLosses } from './task-losses.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { validateTasks } from '../tasks/validate-tasks.ts';
import { callOn, type ForwardOptions } from './call-on.ts';
import type { HeadStart } from './head-start.ts';
import { createHeads, type Heads } from './heads.ts';
import { createNetworkInputs, tapInput, type NetworkInputs } from './network-inputs.ts';
import { predictBatches, predictBatchesAsync, type Predictions } from './predictions.ts';
import { checkRotations, createRotations, type Rotations, type RotationsConfig } from './rotations.ts';
import {
  checkSelfAuxiliaries,
  createSelfAuxiliaries,
  type AuxiliaryLosses,
  type SelfAuxiliaries,
} from './self-auxiliaries.ts';

/** A model's whole declaration: plain JSON but for the seed's meaning. It is what `save` writes. */
export interface ModelConfig<T extends Tasks = Tasks> {
  /** What it reads and predicts; `table.schema` of the training table. */
  schema: Schema<T>;
  /** How the tasks share: `adatt({ … })`, `ple({ … })`, … */
  network: NetworkSpec;
  /** What stands on each task's lane before its logit. None by default. */
  tower?: ExpertSpec | undefined;
  /** Small second towers that are trained beside the tasks' own and predict nothing. None by default. */
  selfAuxiliaries?: SelfAuxiliaries | undefined;
  /** Rotations of what the heads read, which `rotoGrad` turns. None by default; `fit` with `rotoGrad` adds them. */
  rotations?: RotationsConfig | undefined;
  /** How features become the network's input. Default: `embed()`. */
  input?: InputSpec | undefined;
  /** How the heads' biases start. Default `base-rate`, which changes nothing where the schema wasn't fitted to a table. */
  headStart?: HeadStart | undefined;
  /** How much the losses that gates, experts and penalties add count, by their names. 1 for a name that isn't here. */
  auxiliary?: Readonly<Record<string, number>> | undefined;
  /** Everything random derives from it. */
  seed: number;
}

/** What a forward pass gives. */
export interface Forward<T extends Tasks = Tasks> {
  /** [batch, 1], or [batch, classes], by task */
  readonly logits: Readonly<Record<keyof T & string, tf.Tensor2D>>;
  /** Losses that gates, experts or penalties add to the tasks', by name, weighed by the model's `auxiliary`. */
  readonly auxiliary: Readonly<Record<string, tf.Scalar>>;
}

/** The losses of a batch. */
export interface Losses<T extends Tasks = Tasks> {
  /** Σ weight × loss over tasks, and the auxiliary losses. */
  readonly total: tf.Scalar;
  readonly tasks: Readonly<Record<keyof T & string, tf.Scalar>>;
  readonly auxiliary: Readonly<Record<string, tf.Scalar>>;
}

/** A multi-task model: input → fusion network (→ rotations) → towers → a head for each task. */
export class MultiTaskModel<T extends Tasks = Tasks> {
  readonly store: ParameterStore;
  readonly layout: Layout;
  readonly network: Network;
  readonly taskNames: readonly (keyof T & string)[];
  readonly #inputs: NetworkInputs;
  readonly #heads: Heads;
  readonly #small: AuxiliaryLosses | undefined;
  #config: ModelConfig<T>;
  #rotations: Rotations | undefined;
  #encode: ((rows: readonly Row[]) => Batch) | undefined;

  constructor(config: ModelConfig<T>) {
    const {
      schema,
      network,
      tower,
      selfAuxiliaries,
      rotations,
      input = embed(),
      headStart = 'base-rate',
      seed,
    } = config;
    this.#config = config;
    validateTasks(schema.tasks);
    checkAuxiliary(config.auxiliary);
    checkSpec('network', network, 'the model');
    checkSpec('input', input, 'the model');
    if (tower !== undefined) checkSpec('expert', tower, 'the tower');
    oneOf('base-rate', 'random')(headStart, 'headStart');
    if (selfAuxiliaries !== undefined) checkSelfAuxiliaries(selfAuxiliaries);
    this.taskNames = Object.keys(schema.tasks);
    this.layout = layoutOf(schema);
    this.store = new ParameterStore(seed);
    try {
      this.#inputs = createNetworkInputs(this.store, { input, layout: this.layout, network, tasks: this.taskNames });
      this.network = createNetwork(this.store, network, this.taskNames, this.#inputs);
      const { outputDim: inputDim, finishes } = this.network;
      const start = finishes ? 'random' : headStart; // a head of a funnel isn't its task's prediction
      this.#heads = createHeads(this.store, { tasks: schema.tasks, tower, inputDim, start });
      this.#small =
        selfAuxiliaries &&
        createSelfAuxiliaries(this.store, { ...selfAuxiliaries, tasks: schema.tasks, network: this.network, start });
      if (rotations !== undefined) this.rotate(rotations);
    } catch (error) {
      this.store.dispose(); // half a model must not keep its tensors
      throw error;
    }
  }

  /** Its declaration, rotations that were added to it included. */
  get config(): ModelConfig<T> {
    return this.#config;
  }

  get schema(): Schema<T> {
    return this.#config.schema;
  }

  /** What rotates the lanes that heads read, if anything does. */
  get rotations(): Rotations | undefined {
    return this.#rotations;
  }

  /**
   * Adds rotations before the heads, as if the declaration had them: identities, so that the model gives what it gave. A
   * model that has them keeps its own. Graphs that were compiled of the model before don't have them.
   *
   * @throws PolytaskError when the size is more than the heads read, or another than that of the rotations it has
   */
  rotate(config: RotationsConfig = {}): void {
    checkRotations(config);
    const { size } = config;
    if (this.#rotations) {
      const has = this.#rotations.size;
      if (size !== undefined && size !== has) {
        fail({
          expected: `rotations of ${has} features, as the model has them`,
          received: String(size),
          mend: 'Ask for that size, or for none.',
        });
      }
      return;
    }
    this.#rotations = createRotations(this.store, config, { tasks: this.taskNames, dim: this.network.outputDim });
    this.#config = { ...this.#config, rotations: size === undefined ? {} : { size } };
  }

  /** The network's input: what its first lanes hold, and what gates read as `raw`, each [batch, inputDim]. */
  input(features: FeatureTensors): { lanes: Lanes; raw: tf.Tensor2D } {
    return this.#inputs.apply(features);
  }

  /** Input → logits. Runs on the current TF.js backend, and keeps nothing: call it in a `tf.tidy` or a gradient. */
  forward(features: FeatureTensors, options: ForwardOptions = {}): Forward<T> {
    const { lanes, call, auxiliary } = this.#trunk(features, options);
    return { logits: this.heads(lanes, call), auxiliary };
  }

  #trunk(
    features: FeatureTensors,
    options: ForwardOptions,
  ): { lanes: Lanes; call: Call; auxiliary: Record<string, tf.Scalar> } {
    const { lanes, raw } = tapInput(this.input(features), options.lanes);
    const { call, auxiliary } = callOn(raw, options, this.config.auxiliary);
    const out = tapLanes(this.network.apply(lanes, call), 'heads', call.lanes);
    return { lanes: this.#rotations ? this.#rotations.apply(out) : out, call, auxiliary };
  }

  /** The lanes that heads read, rotated where the model has rotations → logits. */
  heads(lanes: Lanes, call: Call): Forward<T>['logits'] {
    return this.network.finish(this.#heads(lanes, call), call) as Forward<T>['logits'];
  }

  /** The losses of a batch; its gradient is a training step. */
  losses(batch: BatchTensors, options: ForwardOptions = {}): Losses<T> {
    const { lanes, call, auxiliary: own } = this.#trunk(batch, options);
    const { tasks, total } = taskLosses(this.schema.tasks, this.heads(lanes, call), batch);
    const auxiliary = { ...own, ...(options.training && this.#small?.(lanes, call, batch)) };
    return { total: Object.values(auxiliary).reduce((sum, loss) => tf.add(sum, loss), total), tasks, auxiliary };
  }

  /** How many trained numbers it has. */
  get parameterCount(): number {
    return this.store.count();
  }

  /**
   * Predictions by task: a probability a row (binary), probabilities row-major [rows × classes] (multiclass), or a
   * number a row (regression). Takes rows as objects, or an encoded table or batch.
   *
   * Waits for the device; on WebGPU, where that isn't possible, use {@link predictAsync}.
   *
   * @example model.predict([{ age: 41, occupation: 'Sales' }]).income[0]
   */
  predict(rows: readonly Row[] | Examples | Batch, options: { batchSize?: number } = {}): Predictions<T> {
    return predictBatches(
      this,
      readable(rows, (each) => this.encode(each)),
      options.batchSize,
    );
  }

  /** {@link predict}, without blocking. */
  async predictAsync(
    rows: readonly Row[] | Examples | Batch,
    options: { batchSize?: number } = {},
  ): Promise<Predictions<T>> {
    return predictBatchesAsync(
      this,
      readable(rows, (each) => this.encode(each)),
      options.batchSize,
    );
  }

  /** Rows as a batch, encoded as the training table was. */
  encode(rows: readonly Row[]): Batch {
    this.#encode ??= rowEncoder(this.schema);
    return this.#encode(rows);
  }

  toTensors(batch: Batch): BatchTensors {
    return toTensors(batch, this.layout, this.taskNames);
  }

  dispose(): void {
    this.store.dispose();
  }
}

/**
 * Builds a model from its declaration.
 *
 * @throws PolytaskError when a name is unknown, a number makes no sense, or the parts don't fit together
 * @example
 * const model = multiTaskModel({
 *   schema: train.schema,
 *   network: adatt({ levels: [{ experts: mlp([64]), perTask: 2, shared: 1 }] }),
 *   tower: mlp([32]),
 *   seed: 7,
 * });
 */
export const multiTaskModel = <T extends Tasks>(config: ModelConfig<T>): MultiTaskModel<T> =>
  new MultiTaskModel(config);
