import {
  lossesOf,
  lossGradients,
  withRandomTensors,
  taskLossAt,
  type BatchTensors,
  type Draw,
  type Losses,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import { stackLosses } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import {
  alignment,
  expertReach,
  flat,
  gradientsAt,
  products,
  rowsOf,
  type Evaluation,
  type Taps,
} from './representation.ts';
import type { Part, PassKind, PassRequest, EnginePasses, FlatState, PassNumbers } from '../steps/flat-step.ts';
import { recordOf } from '@polytask/components';
import { clipped } from '../optimizers/optimizer.ts';
import { withTrainedRows } from '../optimizers/tables/row-variables.ts';

/** Passes as plain TF.js operations on the current backend. TF.js keeps no tape, so each backward pass runs a forward pass. */
export function eagerPasses(model: MultiTaskModel<Tasks>, state: FlatState): EnginePasses {
  let auxiliary: readonly string[] = [];
  return {
    ...{ name: `eager (${tf.getBackend()})`, auxiliary: () => auxiliary },

    begin(batch) {
      const draws: Float32Array[] = [];
      return async (kind, { weights, ...request } = {}) => {
        const results = withTrainedRows(model, batch, (tensors, tables) => {
          const pass = runPass(model, tensors, kind, {
            tables,
            weights: weights && tf.tensor1d([...weights]),
            ...request,
            provide: (draw, index) => tf.tensor((draws[index] ??= draw.sample()), [...draw.shape]),
          });
          auxiliary = pass.auxiliary;
          return { ...pass.tensors };
        });
        try {
          const numbers = await Promise.all(
            Object.values(results).map(async (each) => Float32Array.from(await each.data())),
          );
          return recordOf(Object.keys(results), (_, i) => numbers[i]!) as unknown as PassNumbers;
        } finally {
          tf.dispose(results);
        }
      };
    },

    assign(name, values) {
      const { variable } = model.store.get(name);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, 'float32')));
    },

    changed: () => state.write(),
    flush() {}, // the passes train the model's variables themselves
    reload: () => state.read(),
    async close() {},
  };
}

const PROBES: readonly PassKind[] = ['reach', 'sharing'];
/** Those that update running statistics. */
const UPDATING: readonly PassKind[] = ['plain', 'weighted', 'jacobian'];

export const updatesBuffers = (kind: PassKind): boolean => UPDATING.includes(kind);

export interface PassOptions extends Pick<PassRequest, 'shared' | 'cut' | 'clip'> {
  /** The gathered rows of tables, which the batch reads. Their gradients follow those of the parameters. */
  readonly tables?: readonly tf.Variable[];
  readonly weights?: tf.Tensor1D | undefined;
  /** The random tensor of the draw with this index. Each backward pass requests the tensor again. */
  provide(draw: Draw, index: number): tf.Tensor;
}

export interface Pass {
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
  readonly auxiliary: readonly string[];
}

/** The gradients of the gathered rows of a table, [ids, dimension], in a `plain` pass. */
export const tableGradients = (table: string): string => `gradients:${table}`;

/** The losses of a step without a balancer, and the clipped gradients of their sum. Call it in a `tf.tidy` or a trace. */
export function plainPass<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  { tables = [], clip = {}, provide }: PassOptions,
): Pass {
  let index = 0;
  const step = withRandomTensors(
    (draw) => provide(draw, index++),
    () => lossGradients(model, batch, tables),
  );
  const gradients = clipped(step.gradients, clip);
  const count = gradients.length - tables.length;
  const ofTables = model.store.tables().map(({ name }, t) => [tableGradients(name), gradients[count + t]!] as const);
  return {
    tensors: { losses: step.losses, gradients: flat(gradients.slice(0, count)), ...Object.fromEntries(ofTables) },
    auxiliary: step.auxiliary,
  };
}

/** Call it in a `tf.tidy` or a trace. All backward passes share random numbers; running statistics change for `weighted` and `jacobian` only. */
export function runPass<T extends Tasks>(
  model: MultiTaskModel<T>,
  batch: BatchTensors,
  kind: PassKind,
  request: PassOptions,
): Pass {
  if (kind === 'plain') return plainPass(model, batch, request);
  const { tables = [], weights, shared = [], cut, provide } = request;
  const variables = [...model.store.trainable().map(({ variable }) => variable), ...tables];
  const buffers = model.store
    .all()
    .flatMap(({ variable, trainable }) => (trainable ? [] : [{ variable, before: tf.clone(variable) }]));
  const names = model.taskNames;
  const counts = names.map((name) => model.schema.tasks[name]!.weight ?? 1);
  let numbers: tf.Tensor | undefined;
  let auxiliary: readonly string[] = [];

  const reset = () => buffers.forEach(({ variable, before }) => variable.assign(before));
  const evaluate = (taps: Taps = {}): Losses => {
    if (numbers) reset();
    let index = 0;
    const losses = withRandomTensors(
      (draw) => provide(draw, index++),
      () => lossesOf(model, batch, { training: !PROBES.includes(kind), opened: PROBES.includes(kind), ...taps }),
    );
    auxiliary = Object.keys(losses.auxiliary);
    numbers ??= tf.keep(stackLosses(losses));
    return losses;
  };
  const loss = (losses: Losses, i: number) => tf.mul(taskLossAt(losses, i), counts[i]!) as tf.Scalar;
  const evaluation: Evaluation = { evaluate, loss, count: names.length };
  const gradients = (of: (losses: Losses) => tf.Scalar): tf.Tensor[] => {
    const { grads } = tf.variableGrads(() => of(evaluate()), variables);
    return variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  };

  const resultsOfKind = () => {
    switch (kind) {
      case 'losses':
        evaluate();
        return {};
      case 'reach':
        return { reach: tf.stack(names.map((_, i) => largest(gradients((losses) => loss(losses, i))))) };
      case 'representation':
        return { gramian: products(rowsOf(gradientsAt(cut!, evaluation))) };
      case 'rotations':
        return alignment(cut!, { tasks: names, size: model.rotations!.size }, evaluation);
      case 'sharing':
        return { sharing: expertReach(model.network.levels.length, evaluation) };
      case 'weighted': {
        const w = names.map((_, i) => tf.reshape(tf.slice(weights!, i, 1), []));
        const sum = (losses: Losses) => added(names.map((_, i) => tf.mul(loss(losses, i), w[i]!)));
        return { gradients: flat(gradients(sum)) };
      }
      case 'jacobian': {
        const rows = names.map((_, i) => gradients((losses) => loss(losses, i)));
        const jacobian = tf.stack(rows.map((row) => picked(flat(row), shared))) as tf.Tensor2D;
        return {
          jacobian,
          gramian: products(jacobian),
          gradients: flat(variables.map((_, v) => added(rows.map((row) => row[v]!)))),
        };
      }
    }
  };
  const updates = updatesBuffers(kind);
  // 0 · L gives parameters that the auxiliary losses don't depend on a gradient of 0
  const own = (losses: Losses) => added([...Object.values(losses.auxiliary), tf.mul(0, losses.total)]);
  try {
    const results = resultsOfKind();
    const auxiliaryGradients = updates && auxiliary.length > 0 ? { auxiliary: flat(gradients(own)) } : {};
    if (!updates) reset();
    return { tensors: { losses: numbers!, ...results, ...auxiliaryGradients }, auxiliary };
  } catch (error) {
    numbers?.dispose();
    throw error;
  }
}

const largest = (tensors: readonly tf.Tensor[]): tf.Tensor =>
  tf.concat(tensors.map((tensor) => tf.max(tf.reshape(tf.abs(tensor), [tensor.shape[0] ?? 1, -1]), 1)));

const added = (tensors: readonly tf.Tensor[]): tf.Scalar =>
  tensors.reduce((sum, each) => tf.add(sum, each)) as tf.Scalar;

const picked = (vector: tf.Tensor, parts: readonly Part[]): tf.Tensor =>
  tf.concat(parts.map(({ from, size }) => tf.slice(vector, from, size)));
