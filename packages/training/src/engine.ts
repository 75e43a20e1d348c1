import type { BalancerSpec, GradientDiagnostics, Json } from '@polytask/balancing';
import type {
  Batch,
  GatheredBatch,
  LossNumbers,
  MultiTaskModel,
  NamedTensor,
  Tasks,
  WeightNumbers,
} from '@polytask/core';
import type { OptimizerSpec, ClipOptions } from './optimizers/optimizer.ts';
import type { TableState } from './optimizers/tables/table-state.ts';

/** The optimizer, the clipping and the balancing of a training step. The factors of learning rates are the parameters' own. */
export interface Recipe {
  readonly optimizer: OptimizerSpec;
  /** The optimizer of tables with sparse updates. Default: `optimizer`. */
  readonly tableOptimizer?: OptimizerSpec;
  readonly clip: ClipOptions;
  /** The balancer of the tasks' losses or gradients. Default: the losses are added. */
  readonly balancing?: BalancerSpec;
}

/** The weights and diagnostics of a balancer: of one step, or means over the steps of an epoch. */
export interface BalancingReport<T extends Tasks = Tasks> {
  /** The weights by task. Undefined for a balancer that returns a vector. */
  readonly weights?: { readonly [K in keyof T]: number };
  /** Diagnostics of the tasks' gradients. Undefined for a balancer of losses, which doesn't read gradients. */
  readonly gradients?: GradientDiagnostics;
}

export interface StepLosses extends LossNumbers {
  /** With a balancer: the weights of the tasks, and diagnostics of their gradients. */
  readonly balancing?: BalancingReport;
}

/**
 * The training steps of one model with one recipe. A step gets a batch and returns losses. Each engine decides where it stores
 * parameters and slots between two steps, and which backend runs the forward pass.
 */
export interface TrainingStep {
  /** The name of the engine and its backend, such as `eager (wasm)`. */
  readonly name: string;
  /** The number of steps that may start before the losses of the first step are read. 1 for backends without a queue. */
  readonly inFlight: number;
  /**
   * Runs one step: losses, gradients, clipping, update. Steps take effect in the order of the calls, also without awaiting each
   * step. The result of a smaller batch is the same as for that batch alone.
   *
   * @param epoch the number of epochs done before. Some balancers depend on this number
   * @param tableLearningRate the learning rate of `tableOptimizer`. Default: `learningRate`
   * @returns the losses before the update
   */
  run(batch: Batch, learningRate: number, epoch?: number, tableLearningRate?: number): Promise<StepLosses>;
  /** Copies the parameters and buffers after the last step to the store of the model. */
  flush(): Promise<void>;
  /**
   * Flushes, and brings all rows of tables with sparse updates to the present. Call it before the model predicts. Default: the
   * engine has no such tables.
   */
  settle?(): Promise<void>;
  /** The optimizer's slots, by name ({@link slotName}): copies, but for the slots of tables, which further steps change. */
  readSlots(): Promise<Record<string, NamedTensor>>;
  /**
   * Continues another run with these slots and with the parameters in the store of the model. The arrays of the slots of tables
   * are kept, not copied.
   *
   * @param steps the number of steps of that run. Bias corrections depend on this number
   * @throws PolytaskError that lists missing slots, unknown slots, and slots with another shape
   */
  restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): void | Promise<void>;
  /** The state of the balancer as plain JSON, for checkpoints. */
  readonly balancer?: { readonly state: Json; restore(state: Json): void };
  /** Settles, then releases all memory of the engine. */
  close(): Promise<void>;
}

/** Forward passes of one model, for metrics and predictions. */
export interface Scorer {
  /** The logits by task, row-major [members × batch × outputs], with the current parameters of the model's store. */
  logits(batch: Batch): Promise<Readonly<Record<string, Float32Array>>>;
  weights(batch: Batch): Promise<readonly WeightNumbers[]>;
  close(): Promise<void>;
}

/** Runs models. `fit` and `evaluate` use TF.js through this interface alone. */
export interface Engine {
  readonly name: string;
  /** @throws PolytaskError with the reason, when the engine can't run this model or recipe on this machine */
  train<T extends Tasks>(model: MultiTaskModel<T>, recipe: Recipe): Promise<TrainingStep>;
  score<T extends Tasks>(model: MultiTaskModel<T>): Promise<Scorer>;
}

export interface UpdateSettings {
  readonly step: number;
  readonly learningRate: number;
  readonly tableLearningRate: number;
}

export interface StepWork extends Pick<TrainingStep, 'name' | 'inFlight' | 'readSlots' | 'balancer'> {
  readonly tables: TableState | undefined;
  /** Updates the parameters. Returns what reads the losses: the next step may start before that. */
  step(batch: GatheredBatch, at: UpdateSettings, epoch: number): Promise<() => Promise<StepLosses>>;
  flush(): void;
  restore(slots: Readonly<Record<string, NamedTensor>>): void | Promise<void>;
  close(): Promise<void>;
}

export function trainingStep(work: StepWork): TrainingStep {
  const { name, inFlight, tables, balancer } = work;
  let steps = 0;
  let last: Promise<unknown> = Promise.resolve();
  const flush = async () => {
    await last;
    work.flush();
  };
  const settle = async () => {
    await flush();
    tables?.settle();
  };
  return {
    ...{ name, inFlight, ...(balancer && { balancer }), flush, settle },
    async run(batch, learningRate, epoch = 0, tableLearningRate = learningRate) {
      const started = last.then(async () => {
        const at = { step: steps + 1, learningRate, tableLearningRate };
        const read = await work.step(tables?.gather(batch) ?? batch, at, epoch);
        steps++;
        return read;
      });
      last = started.catch(() => undefined); // the caller gets the error
      return (await started)();
    },
    async readSlots() {
      await last;
      return work.readSlots();
    },
    restore(slots, done) {
      steps = done;
      return work.restore(slots);
    },
    async close() {
      await settle();
      await work.close();
    },
  };
}
