import { groupBy, recordOf } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { Contexts } from '../features/layout.ts';
import { createBank } from '../fusion/bank.ts';
import type { ExpertSpec } from '../fusion/expert.ts';
import { takeLanes, type Lanes } from '../fusion/lanes.ts';
import type { Logits, Network } from '../fusion/network.ts';
import { repeatRows, takeMembers, unstack } from '../layers/operations.ts';
import { biasUniform, dense } from '../layers/dense.ts';
import type { Call, Layer } from '../layers/layer.ts';
import type { Initializer } from '../parameters/initializers.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope, memberNames } from '../parameters/scope.ts';
import { startOf } from '../tasks/task-kind.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { logitsOf as outputsOf } from '../tasks/check-tasks.ts';

/** The logits of tasks with equally many outputs, [tasks, batch, outputs]. */
export interface LogitsBlock {
  readonly tasks: readonly string[];
  readonly stacked: tf.Tensor3D;
}

/** The logits of all tasks, in blocks. Heads give a block for each number of outputs. */
export type StackedLogits = readonly LogitsBlock[];

/** Views of the logits, by task in this order. */
export function logitsByTask(blocks: StackedLogits, tasks: readonly string[]): Logits {
  const views = Object.fromEntries(
    blocks.flatMap((block) => unstack(block.stacked).map((logits, i) => [block.tasks[i]!, logits])),
  ) as Logits;
  return recordOf(tasks, (task) => views[task]!);
}

/** Logits that are by task, as blocks of one. */
export const stackLogits = (logits: Logits): StackedLogits =>
  Object.entries(logits).map(([task, each]) => ({ tasks: [task], stacked: tf.expandDims(each) as tf.Tensor3D }));

/** The logits of tasks with equally many outputs: a block or a part of it, if the tasks follow one another there. */
export function logitsOf(blocks: StackedLogits, tasks: readonly string[]): tf.Tensor3D {
  const block = blocks.find((each) => each.tasks.includes(tasks[0]!))!;
  const first = block.tasks.indexOf(tasks[0]!);
  if (!tasks.every((task, i) => block.tasks[first + i] === task))
    return tf.stack(Object.values(logitsByTask(blocks, tasks))) as tf.Tensor3D;
  if (tasks.length === block.tasks.length) return block.stacked;
  return tf.slice(block.stacked, first, tasks.length);
}

/**
 * The initial bias of a task's head: the best constant prediction for the training rows of a fitted task (`base-rate`), or U(±1/√inputs), as
 * in PyTorch's `nn.Linear` (`random`).
 */
export type HeadStart = 'base-rate' | 'random';

/** The tasks' lanes → logits. */
export type Heads = (lanes: Lanes, call: Call) => StackedLogits;

export interface HeadsOptions {
  tasks: Tasks;
  tower: ExpertSpec | undefined;
  /** The network that gives the lanes, and that may change the logits. */
  network: Pick<Network, 'outputDim' | 'finish' | 'auxiliaryHeads'>;
  /** The prefix of the names of towers and heads. */
  path?: string | undefined;
  start?: HeadStart | undefined;
  /** The contexts of the schema, for towers. Default: none. */
  contexts?: Contexts | undefined;
  /** The number of members of the model, each of which has its own heads. Default 1. */
  modelMembers?: number | undefined;
}

/** Builds the towers, one bank over the tasks, and linear heads, one bank for each width. Rows are those of each member in turn. */
export function createHeads(
  store: ParameterStore,
  { tasks, tower, network, path: prefix = '', start = 'random', contexts, modelMembers = 1 }: HeadsOptions,
): Heads {
  const auxiliary = network.auxiliaryHeads ?? {};
  const names = [...Object.keys(tasks), ...Object.keys(auxiliary)];
  const lanesRead = [...Object.keys(tasks), ...Object.values(auxiliary)];
  const inputDim = network.outputDim;
  const towers =
    tower &&
    createBank(store, { path: `${prefix}towers`, members: names, experts: tower, inputDim, contexts, modelMembers });
  const headDim = towers?.outputDim ?? inputDim;

  const groups = headsOf(tasks, prefix, Object.keys(auxiliary)).map(({ units, members, path }) => {
    const otherwise = biasUniform(headDim);
    const biasInit: Initializer = (shape, random, member) => {
      const task = tasks[members[Math.floor(member / modelMembers)]!];
      const logits = task && start === 'base-rate' ? startOf(task) : undefined;
      return logits ? Float32Array.from(logits) : otherwise(shape, random, member);
    };
    const heads = modelMembers === 1 ? members : memberNames(modelMembers, members);
    const layer = dense(createScope(store, path, { members: heads }), { inputDim: headDim, units, biasInit });
    return { members, layer: modelMembers === 1 ? layer : byMember(layer, heads.length, members.length) };
  });

  return (lanes, call) => {
    const laneVectors = takeLanes(lanes, lanesRead);
    const vectors = towers ? towers.apply(laneVectors, call) : laneVectors; // [(tasks,) batch, headDim]
    const blocks = groups.map(({ members, layer }): LogitsBlock => {
      const places = members.map((name) => names.indexOf(name));
      const inputs = vectors.rank === 2 ? vectors : takeMembers(vectors as tf.Tensor3D, places);
      return { tasks: members, stacked: layer(inputs, call) as tf.Tensor3D };
    });
    return network.finish ? stackLogits(network.finish(logitsByTask(blocks, names), call)) : blocks;
  };
}

/** Heads that each read the rows of one member of one task: [(tasks,) members · batch, dim] → [tasks, members · batch, outputs]. */
const byMember =
  (heads: Layer, count: number, tasks: number): Layer =>
  (x, call) => {
    const [rows, dim] = x.shape.slice(-2) as [number, number];
    const each = x.rank === 2 ? repeatRows(x as tf.Tensor2D, tasks) : x;
    return tf.reshape(heads(tf.reshape(each, [count, -1, dim]), call), [tasks, rows, -1]);
  };

/** The banks of heads: one for each number of outputs. @param auxiliary names of heads of one output that are no task's */
function headsOf(
  tasks: Tasks,
  prefix = '',
  auxiliary: readonly string[] = [],
): { units: number; members: string[]; path: string }[] {
  const widths = groupBy([...Object.keys(tasks), ...auxiliary], (name) =>
    tasks[name] ? outputsOf(name, tasks[name]) : 1,
  );
  return [...widths].map(([units, members]) => ({
    units,
    members,
    path: `${prefix}heads${widths.size === 1 ? '' : `.${units}`}`,
  }));
}

/**
 * Sets the heads of a model without towers, so that a task's logits are the first numbers of its vector plus constants, [outputs].
 *
 * @example passLogits(model, { income: [-1.2] })
 */
export function passLogits(
  { store, schema }: { readonly store: ParameterStore; readonly schema: { readonly tasks: Tasks } },
  biases: Readonly<Record<string, readonly number[]>>,
): void {
  tf.tidy(() => {
    for (const { units, members, path } of headsOf(schema.tasks)) {
      const kernel = store.get(`${path}.kernel`).variable; // [members, width, units]
      const [, width] = kernel.shape as [number, number, number];
      const eye = Array.from({ length: width * units }, (_, i) => Number(Math.floor(i / units) === i % units));
      const eyes = members.flatMap(() => eye);
      kernel.assign(tf.tensor(eyes, kernel.shape));
      const { variable: bias } = store.get(`${path}.bias`);
      const constants = members.flatMap((task) => [...biases[task]!]);
      bias.assign(tf.tensor(constants, bias.shape));
    }
  });
}

/** The constants that {@link passLogits} set, by task. */
export async function passedConstants({
  store,
  schema,
}: {
  readonly store: ParameterStore;
  readonly schema: { readonly tasks: Tasks };
}): Promise<Record<string, number[]>> {
  const constants: Record<string, number[]> = {};
  for (const { units, members, path } of headsOf(schema.tasks)) {
    const values = [...(await store.get(`${path}.bias`).variable.data())];
    members.forEach((task, m) => (constants[task] = values.slice(m * units, (m + 1) * units)));
  }
  return constants;
}

/**
 * Under-parameterized self-auxiliaries (Wang et al., WWW 2022): each task gets a second, smaller tower on the same lane, with the same labels,
 * so that the shared layers learn useful features. Training adds γ · weight · loss for each small tower. Predictions don't use them.
 */
export interface SelfAuxiliaries {
  /** The small tower. Default: no tower, a linear head. */
  tower?: ExpertSpec | undefined;
  weight: number;
}

/** The prefix of the parameters and losses of the small towers; the name of the task follows. */
export const SELF_AUXILIARY = 'self.';

/** Builds the small towers. They give logits as the model's heads do. */
export function createSelfAuxiliaries(store: ParameterStore, config: HeadsOptions): Heads {
  const heads = createHeads(store, { ...config, path: SELF_AUXILIARY });
  return (lanes, call) => heads(lanes, { ...call, addLoss() {} }); // the main pass adds the losses of towers and `finish`
}
