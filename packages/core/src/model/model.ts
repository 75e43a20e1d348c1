import type * as tf from '@tensorflow/tfjs-core';
import { fail, mapValues, readOptions } from '@polytask/components';
import { rowEncoder } from '../features/rows.ts';
import type { Batch, Examples } from '../features/batch.ts';
import { toTensors, type BatchTensors, type FeatureTensors } from '../features/batch-tensors.ts';
import { layoutOf, type Layout, contextsOf } from '../features/layout.ts';
import type { Row, Schema } from '../features/schema.ts';
import { type Lanes, tapLanes } from '../fusion/lanes.ts';
import { createNetwork, type Network, type NetworkInput, fusionOf, inputLanes } from '../fusion/network.ts';
import { type Call, type LanesTap, callOn, type ForwardOptions } from '../layers/layer.ts';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { type Calibrated, type Tasks, SHARED } from '../tasks/tasks.ts';
import { checkTasks, logitsOf } from '../tasks/check-tasks.ts';
import { readDeclaration, type ModelDeclaration, type ReadDeclaration } from './model-declaration.ts';
import { createHeads, createSelfAuxiliaries, logitsByTask, type Heads, type StackedLogits } from './heads.ts';
import { predictBatches, predictBatchesAsync, readable, type Predictions, type Readable } from './predictions.ts';
import { createRotations, rotationsOptions, type Rotations, type RotationsOptions } from './rotations.ts';
import { createInput } from '../inputs/input.ts';
import { repeatRows } from '../layers/operations.ts';
import { createScope } from '../parameters/scope.ts';

/** The built inputs of a network: the vectors of the first lanes, and the vector that gates read as `raw`. */
interface NetworkInputs extends NetworkInput {
  apply(features: FeatureTensors): LanesAndRaw;
}

/** The vectors of the first lanes, [members · batch, outputDim] each, member by member; `raw` is one of them. */
interface LanesAndRaw {
  readonly lanes: Lanes;
  readonly raw: tf.Tensor2D;
}

/** Builds one input for all lanes, or one per lane of the first level, as the network declares. */
function createNetworkInputs(
  store: ParameterStore,
  { input, schema, network, members: modelMembers }: ReadDeclaration,
  layout: Layout,
): NetworkInputs {
  const tasks = Object.keys(schema.tasks);
  const inputAt = (path: string) => createInput({ ...createScope(store, path), layout }, input);
  const fusion = fusionOf(network, tasks, schema.context) ?? { levels: [] };
  const names = inputLanes(fusion, tasks);
  const isOwn = fusion.inputs === 'own';
  const inputs = isOwn ? names.map((lane) => inputAt(`input.${lane}`)) : [inputAt('input')];
  const { outputDim, features: columns } = inputs[0]!;
  return {
    outputDim,
    features: columns,
    contexts: contextsOf(schema, layout, columns),
    modelMembers,
    apply(features) {
      const vectors = inputs.map((own) => repeatRows(own.apply(features), modelMembers));
      const lanes = new Map(names.map((lane, i) => [lane, vectors[isOwn ? i : 0]!]));
      return { lanes, raw: lanes.get(SHARED) ?? vectors[0]! };
    },
  };
}

function tapInput({ lanes, raw }: LanesAndRaw, tap: LanesTap | undefined): LanesAndRaw {
  if (!tap) return { lanes, raw };
  const tapped = tapLanes(lanes, 'input', tap);
  const [lane] = [...lanes].find(([, vector]) => vector === raw)!;
  return { lanes: tapped, raw: tapped.get(lane)! };
}

export interface Forward<T extends Tasks = Tasks> {
  /** By task, [batch, 1] or [batch, classes]; [members · batch, …] in a model with members: `taskScores` averages their predictions. */
  readonly logits: Readonly<Record<keyof T & string, tf.Tensor2D>>;
  /** The losses of gates, experts and penalties by name, multiplied by the model's `auxiliary`. */
  readonly auxiliary: Readonly<Record<string, tf.Scalar>>;
}

/** A multi-task model: input → fusion network (→ rotations) → towers → a head for each task. */
export class MultiTaskModel<T extends Tasks = Tasks, F extends string = string> {
  readonly store: ParameterStore;
  readonly layout: Layout;
  readonly network: Network;
  readonly taskNames: readonly (keyof T & string)[];
  readonly #inputs: NetworkInputs;
  readonly #heads: Heads;
  readonly #small: Heads | undefined;
  #config: ReadDeclaration<T, F>;
  #rotations: Rotations | undefined;
  #encode: ((rows: readonly Row[]) => Batch) | undefined;

  /** @param most the most numbers that the model's parameters may hold. Default: no limit */
  constructor(config: ReadDeclaration<T, F>, most?: number) {
    const { schema, network, tower, selfAuxiliaries, rotations, members: modelMembers, seed } = config;
    this.#config = config;
    checkTasks(schema.tasks);
    this.taskNames = Object.keys(schema.tasks);
    this.layout = layoutOf(schema);
    this.store = new ParameterStore(seed, most);
    try {
      const { store, layout, taskNames } = this;
      this.#inputs = createNetworkInputs(store, config, layout);
      const outputs = (task: string) => logitsOf(task, schema.tasks[task]!);
      this.network = createNetwork(store, network, taskNames, { ...this.#inputs, outputs });
      const start = this.network.finish ? 'random' : config.headStart; // the heads of a funnel don't predict their tasks directly
      const { contexts } = this.#inputs;
      const heads = { tasks: schema.tasks, network: this.network, start, contexts, modelMembers };
      this.#heads = createHeads(store, { ...heads, tower });
      this.#small = selfAuxiliaries && createSelfAuxiliaries(store, { ...heads, tower: selfAuxiliaries.tower });
      if (rotations !== undefined) this.rotate(rotations);
    } catch (error) {
      this.store.dispose(); // frees the tensors of a model that could not be built
      throw error;
    }
  }

  /** The model's declaration, including rotations that {@link rotate} added. */
  get config(): ReadDeclaration<T, F> {
    return this.#config;
  }

  get schema(): Schema<T, F> {
    return this.#config.schema;
  }

  /** k, the number of members, whose predictions are averaged: {@link ModelDeclaration.members}. */
  get members(): number {
    return this.#config.members;
  }

  get rotations(): Rotations | undefined {
    return this.#rotations;
  }

  /**
   * Adds rotations before the heads, as `rotations` in the declaration does. They start as identities, so predictions don't change. Graphs
   * that were compiled earlier don't get them.
   *
   * @throws PolytaskError when the size exceeds the width of the heads' inputs, or differs from existing rotations
   */
  rotate(config: RotationsOptions = {}): void {
    const { size } = readOptions(config, rotationsOptions, 'rotations');
    const current = this.#rotations?.size;
    if (current !== undefined) {
      if (size === undefined || size === current) return;
      fail({
        expected: `rotations of ${current} features, as the model has them`,
        received: String(size),
        fix: 'Ask for that size, or for none.',
      });
    }
    this.#rotations = createRotations(this.store, config, { tasks: this.taskNames, dim: this.network.outputDim });
    this.#config = { ...this.#config, rotations: size === undefined ? {} : { size } };
  }

  /**
   * Sets how the predictions of tasks are calibrated and read, as `calibrate` of `@polytask/training` fits it, but not in compiled graphs.
   *
   * @param calibrated by task; undefined for predictions as the network gives them. Tasks that aren't named keep theirs
   * @throws PolytaskError when a value doesn't fit
   */
  setCalibrated(calibrated: { readonly [K in keyof T]?: Calibrated | undefined }): void {
    const { schema } = this;
    const tasks = mapValues(schema.tasks, (task, name) => {
      const { calibrated: before, ...rest } = task;
      const own = Object.hasOwn(calibrated, name) ? calibrated[name as keyof T] : before;
      return own ? { ...rest, calibrated: own } : rest;
    }) as unknown as T;
    checkTasks(tasks);
    this.#config = { ...this.#config, schema: { ...schema, tasks } };
  }

  /** The network's input: the vectors of the first lanes, and the vector that gates read as `raw`, each [members · batch, inputDim]. */
  input(features: FeatureTensors): LanesAndRaw {
    return this.#inputs.apply(features);
  }

  /** Features → logits. It runs on the current TF.js backend: call it in a `tf.tidy` or a gradient. */
  forward(features: FeatureTensors, options: ForwardOptions = {}): Forward<T> {
    const { lanes, call, auxiliary } = this.trunk(features, options);
    const logits = logitsByTask(this.heads(lanes, call), this.taskNames) as Forward<T>['logits'];
    return { logits, auxiliary };
  }

  /** Features → the heads' inputs, already rotated if the model has rotations, with the context of the pass for the heads. */
  trunk(
    features: FeatureTensors,
    options: ForwardOptions = {},
  ): { lanes: Lanes; call: Call; auxiliary: Record<string, tf.Scalar> } {
    const { lanes, raw } = tapInput(this.input(features), options.lanes);
    const { call, auxiliary } = callOn({ raw, features }, options, this.config.auxiliary);
    const out = tapLanes(this.network.apply(lanes, call), 'heads', call.lanes);
    return { lanes: this.#rotations ? this.#rotations.apply(out) : out, call, auxiliary };
  }

  /** The heads' inputs, already rotated if the model has rotations → logits. */
  heads(lanes: Lanes, call: Call): StackedLogits {
    return this.#heads(lanes, call);
  }

  /** The heads' inputs → the logits of the small towers, which training alone needs; undefined without such towers. */
  selfAuxiliaries(lanes: Lanes, call: Call): StackedLogits | undefined {
    return this.#small?.(lanes, call);
  }

  get parameterCount(): number {
    return this.store.count();
  }

  /**
   * Predicts all tasks, row-major: one probability per row (binary), [rows × classes] (multiclass), or one number per row (regression). The call
   * blocks until the device is done, which WebGPU can't: use {@link predictAsync} there.
   *
   * @param rows rows as objects, an encoded table, or a batch
   * @throws PolytaskError when a value doesn't fit its feature, and on the backend `webgpu`
   * @example model.predict([{ age: 41, occupation: 'Sales' }]).income[0]
   */
  predict(rows: readonly Row<F>[] | Examples | Batch, options: { batchSize?: number } = {}): Predictions<T> {
    return predictBatches(this, this.#read(rows), options.batchSize);
  }

  /** The same as {@link predict}, without blocking, on all backends. @throws PolytaskError when a value doesn't fit its feature */
  async predictAsync(
    rows: readonly Row<F>[] | Examples | Batch,
    options: { batchSize?: number } = {},
  ): Promise<Predictions<T>> {
    return predictBatchesAsync(this, this.#read(rows), options.batchSize);
  }

  /** Encodes rows as a batch, with the encoding of the training table. */
  encode(rows: readonly Row<F>[]): Batch {
    this.#encode ??= rowEncoder(this.schema);
    return this.#encode(rows);
  }

  #read(rows: readonly Row<F>[] | Examples | Batch): Readable {
    return readable(rows, (each) => this.encode(each));
  }

  /** Copies a batch to the current backend. Call it in a `tf.tidy`, or dispose the tensors. */
  toTensors(batch: Batch): BatchTensors {
    return toTensors(batch, this.layout, this.store.tables());
  }

  /** Frees the model's tensors. The model can't be used afterwards. */
  dispose(): void {
    this.store.dispose();
  }
}

/**
 * Builds a model from its declaration.
 *
 * @throws PolytaskError when a component, an option or a kind of task is unknown, a number is invalid, or the parts don't fit
 *   together
 * @example
 * const model = multiTaskModel({
 *   schema: train.schema,
 *   network: adatt({ levels: [{ experts: mlp([64]), perTask: 2, shared: 1 }] }),
 *   tower: mlp([32]),
 *   seed: 7,
 * });
 */
export function multiTaskModel<T extends Tasks, F extends string = string>(
  config: ModelDeclaration<T, F>,
): MultiTaskModel<T, F> {
  return new MultiTaskModel(readDeclaration(config));
}
