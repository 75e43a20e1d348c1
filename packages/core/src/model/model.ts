import * as tf from '@tensorflow/tfjs';
import { rowEncoder } from '../features/encode-rows.ts';
import { embed } from '../features/embed.ts';
import type { Batch, Examples } from '../features/batch.ts';
import { toTensors, type BatchTensors, type FeatureTensors } from '../features/batch-tensors.ts';
import type { Input, InputDefinition, InputSpec } from '../features/input.ts';
import { layoutOf, type Layout } from '../features/layout.ts';
import type { Row, Schema } from '../features/schema.ts';
import type { ExpertSpec } from '../fusion/expert.ts';
import type { Lanes } from '../fusion/lanes.ts';
import { createNetwork, type Network, type NetworkSpec } from '../fusion/network.ts';
import type { Call, ExpertsTap } from '../layers/layer.ts';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { builderOf, checkSpec } from '../specs/registry.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { validateTasks } from '../tasks/validate-tasks.ts';
import { createHeads, type Heads } from './heads.ts';
import { predictBatches, predictBatchesAsync, toRows, type Predictions } from './predictions.ts';
import { checkSelfAuxiliaries, createSelfAuxiliaries, type AuxiliaryLosses, type SelfAuxiliaries } from './self-auxiliaries.ts';
import { taskLosses } from './task-losses.ts';

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
  /** How features become the network's input. Default: `embed()`. */
  input?: InputSpec | undefined;
  /** Everything random derives from it. */
  seed: number;
}

/** How a forward pass is made. */
export interface ForwardOptions {
  /** True in `fit`. Default false. */
  readonly training?: boolean;
  /** Sees, and may change, what each level's experts give. */
  readonly experts?: ExpertsTap | undefined;
}

/** What a forward pass gives. */
export interface Forward<T extends Tasks = Tasks> {
  /** [batch, 1], or [batch, classes], by task */
  readonly logits: Readonly<Record<keyof T & string, tf.Tensor2D>>;
  /** Losses that gates, experts or networks add to the tasks', by name. */
  readonly auxiliary: Readonly<Record<string, tf.Scalar>>;
}

/** The losses of a batch. */
export interface Losses<T extends Tasks = Tasks> {
  /** Σ weight × loss over tasks, and the auxiliary losses. */
  readonly total: tf.Scalar;
  readonly tasks: Readonly<Record<keyof T & string, tf.Scalar>>;
  readonly auxiliary: Readonly<Record<string, tf.Scalar>>;
}

/** A multi-task model: input → fusion network → towers → a head for each task. */
export class MultiTaskModel<T extends Tasks = Tasks> {
  readonly store: ParameterStore;
  readonly layout: Layout;
  readonly network: Network;
  readonly taskNames: readonly (keyof T & string)[];
  readonly #input: Input;
  readonly #heads: Heads;
  readonly #small: AuxiliaryLosses | undefined;
  #encode: ((rows: readonly Row[]) => Batch) | undefined;

  constructor(readonly config: ModelConfig<T>) {
    const { schema, network, tower, selfAuxiliaries, input = embed(), seed } = config;
    validateTasks(schema.tasks);
    checkSpec('network', network, 'the model');
    checkSpec('input', input, 'the model');
    if (tower !== undefined) checkSpec('expert', tower, 'the tower');
    if (selfAuxiliaries !== undefined) checkSelfAuxiliaries(selfAuxiliaries);
    this.taskNames = Object.keys(schema.tasks);
    this.layout = layoutOf(schema);
    this.store = new ParameterStore(seed);
    try {
      const build = builderOf<InputDefinition<unknown>>(input);
      this.#input = build({ ...createScope(this.store, 'input'), layout: this.layout }, input.config);
      this.network = createNetwork(this.store, network, this.taskNames, this.#input.outputDim);
      this.#heads = createHeads(this.store, { tasks: schema.tasks, tower, inputDim: this.network.outputDim });
      this.#small = selfAuxiliaries && createSelfAuxiliaries(this.store, { ...selfAuxiliaries, tasks: schema.tasks, inputDim: this.network.outputDim });
    } catch (error) {
      this.store.dispose(); // half a model must not keep its tensors
      throw error;
    }
  }

  get schema(): Schema<T> {
    return this.config.schema;
  }

  /** [batch, inputDim]: the network's input. */
  input(features: FeatureTensors): tf.Tensor2D {
    return this.#input.apply(features);
  }

  /** Input → logits. Runs on the current TF.js backend, and keeps nothing: call it in a `tf.tidy` or a gradient. */
  forward(features: FeatureTensors, options: ForwardOptions = {}): Forward<T> {
    const { lanes, call, auxiliary } = this.#trunk(features, options);
    return { logits: this.heads(lanes, call), auxiliary };
  }

  #trunk(features: FeatureTensors, options: ForwardOptions): { lanes: Lanes; call: Call; auxiliary: Record<string, tf.Scalar> } {
    const { call, auxiliary } = callOn(this.input(features), options);
    return { lanes: this.network.apply(call.raw, call), call, auxiliary };
  }

  /** The task lanes of the network → logits. */
  heads(lanes: Lanes, call: Call): Forward<T>['logits'] {
    return this.#heads(lanes, call) as Forward<T>['logits'];
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
    return predictBatches(this, toRows(rows, (each) => this.encode(each)), options.batchSize);
  }

  /** {@link predict}, without blocking. */
  async predictAsync(
    rows: readonly Row[] | Examples | Batch,
    options: { batchSize?: number } = {},
  ): Promise<Predictions<T>> {
    return predictBatchesAsync(this, toRows(rows, (each) => this.encode(each)), options.batchSize);
  }

  /** Rows as a batch, encoded as the training table was. */
  encode(rows: readonly Row[]): Batch {
    this.#encode ??= rowEncoder(this.schema);
    return this.#encode(rows);
  }

  toTensors(batch: Batch): BatchTensors {
    return toTensors(batch, this.layout);
  }

  dispose(): void {
    this.store.dispose();
  }
}

/** A call on a network input, and the auxiliary losses that it will have collected. */
export function callOn(raw: tf.Tensor2D, { training = false, experts }: ForwardOptions): { call: Call; auxiliary: Record<string, tf.Scalar> } {
  const auxiliary: Record<string, tf.Scalar> = {};
  const call: Call = {
    training,
    raw,
    ...(experts && { experts }),
    addLoss(name, loss) {
      const before = auxiliary[name];
      auxiliary[name] = before ? tf.add(before, loss) : loss;
    },
  };
  return { call, auxiliary };
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
export const multiTaskModel = <T extends Tasks>(config: ModelConfig<T>): MultiTaskModel<T> => new MultiTaskModel(config);
