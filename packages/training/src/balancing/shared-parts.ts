import {
  emptyBatch,
  fail,
  labelsOf,
  randomStream,
  gatherTables,
  groupedTasks,
  madeUpLabel,
  presentParts,
  type GatheredBatch,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import type { EnginePasses, FlatState, ParameterPosition, Part } from '../steps/flat-step.ts';
import { INPUT } from './representation.ts';

export interface SharedParts {
  /** The parameters of several tasks, or of no task, in the order of the parameters. */
  readonly shared: readonly Part[];
  /** The parameters of one task, such as a tower in a bank or a row of a gate. */
  readonly own: readonly (Part & { readonly task: number })[];
  /** For each table with sparse updates: the task that alone reads it, or undefined. */
  readonly tables: readonly (number | undefined)[];
}

/** For balancers of losses, which don't need the parts, and for models whose tasks share nothing. */
export const NO_PARTS: SharedParts = { shared: [], own: [], tables: [] };

/** Finds the shared parameters: slices along the first dimension in which several tasks have a gradient. */
export async function findSharedParts(model: MultiTaskModel<Tasks>, state: FlatState, passes: EnginePasses) {
  const marksByTask = await reachedBy(model, state, passes, 'reach');
  const parts: { from: number; size: number; task: number | undefined }[] = [];
  let [from, slice] = [0, 0];
  const tasksAt = (at: number) => marksByTask.flatMap((marks, t) => (marks[at] ? [t] : []));
  const ownerAt = (at: number) => (tasksAt(at).length === 1 ? tasksAt(at)[0] : undefined);
  for (const { size, shape } of state.places) {
    const sliceSize = size / (shape[0] ?? 1);
    for (const end = from + size; from < end; slice++, from += sliceSize) {
      const task = ownerAt(slice);
      const last = parts.at(-1); // neighboring slices of the same task become one part
      if (last && last.task === task) last.size += sliceSize;
      else parts.push({ from, size: sliceSize, task });
    }
  }
  const tables = state.tables.rows(REACHED_ROWS).map(({ shape }) => {
    const owner = ownerAt(slice); // row 0 of the random batch reads the first gathered row
    slice += shape[0];
    return owner;
  });
  const isSharing = Array.from({ length: slice }, (_, at) => tasksAt(at).length > 1).includes(true);
  return isSharing ? { ...divided(parts), tables } : NO_PARTS;
}

/** The parts of a batch: the gathered rows of tables come after the parameters. */
export function withTables(parts: SharedParts, state: FlatState, batchSize: number): SharedParts {
  const { tables } = parts;
  if (tables.length === 0) return parts;
  let end = state.parameters.length;
  const rows = state.tables.rows(batchSize).map(({ optimizer }, t) => {
    const from = end;
    end += optimizer.parameters.length;
    return { from, size: end - from, task: tables[t] };
  });
  const { shared, own } = divided(rows);
  return { shared: [...parts.shared, ...shared], own: [...parts.own, ...own], tables };
}

function divided(parts: readonly (Part & { readonly task: number | undefined })[]) {
  const shared = parts.filter(({ task }) => task === undefined).map(({ from, size }) => ({ from, size }));
  const own = parts.flatMap(({ from, size, task }) => (task === undefined ? [] : [{ from, size, task }]));
  return { shared, own };
}

const REACHED_ROWS = 4;

/** Below this share of a task's largest gradient, a gradient counts as 0: rounding differs from engine to engine. */
const ROUNDING = 1e-5;

/** The number of random draws of the parameters. One draw may close a hard gate or deactivate a ReLU. */
const DRAWS = 3;

/** [T][slices or experts], 1 where a task's loss depends on them. Parameters are random meanwhile: one of 0 would hide gradients. */
async function reachedBy(
  model: MultiTaskModel<Tasks>,
  state: FlatState,
  passes: EnginePasses,
  kind: 'reach' | 'sharing',
): Promise<Uint8Array[]> {
  const before = state.parameters.slice();
  let marks: Uint8Array[] = [];
  try {
    for (let draw = 0; draw < DRAWS; draw++) {
      for (const place of state.places) state.parameters.set(randomNumbers(place, draw), place.from);
      for (const { table, shape, optimizer } of state.tables.rows(REACHED_ROWS)) {
        const { parameters } = optimizer;
        parameters.set(randomNumbers({ name: table.name, shape, size: parameters.length }, draw));
      }
      passes.changed();
      const gradients = (await passes.begin(randomBatch(model, draw, state))(kind))[kind]!;
      const count = gradients.length / model.taskNames.length;
      marks = model.taskNames.map((_, t) => {
        const own = gradients.subarray(t * count, (t + 1) * count).map(Math.abs);
        const least = ROUNDING * own.reduce((most, each) => Math.max(most, each), 0);
        return Uint8Array.from(own, (each, i) => Number(marks[t]?.[i] === 1 || each > least));
      });
    }
  } finally {
    state.parameters.set(before);
    passes.changed();
  }
  return marks;
}

/** Random parameters that keep activations near 1, where no activation saturates. */
function randomNumbers({ name, shape, size }: Omit<ParameterPosition, 'from'>, draw: number): Float32Array {
  const fan = shape.length > 1 ? shape.at(-2)! : 4;
  const most = Math.min(0.9, Math.sqrt(3 / fan));
  return randomStream(0, `reach.${name}.${draw}`).uniform(size, -most, most);
}

/** Random rows with labels. Row r has ids r, as the loss of equal rows has no gradient if it compares rows; row 0 has the first gathered row. */
function randomBatch(model: MultiTaskModel<Tasks>, draw: number, state: FlatState): GatheredBatch {
  const batch = emptyBatch(REACHED_ROWS, model.layout, model.taskNames);
  for (const { name, dtype, width } of presentParts(model.layout)) {
    if (name === 'bagWeights') batch[name].fill(1);
    else if (dtype === 'float32') batch[name].set(randomStream(0, `reach.rows.${draw}`).normal(batch[name].length));
    else batch[name].forEach((_, at, ids) => (ids[at] = Math.min(Math.floor(at / width), model.layout.vocabulary - 1)));
  }
  batch.weights.fill(1);
  for (const task of groupedTasks(model.schema.tasks))
    // such a loss compares rows with different labels
    labelsOf(batch, task).labels.forEach(
      (_, row, labels) => (labels[row] = madeUpLabel(model.schema.tasks[task]!, (row % 2) - 0.5)),
    );
  const groups = new Int32Array(REACHED_ROWS); // all rows are one group
  const all = state.tables.rows(REACHED_ROWS);
  const rows = new Map(all.map(({ table, shape, optimizer }) => [table, { shape, data: optimizer.parameters }]));
  return gatherTables({ ...batch, groups }, [...rows.keys()], (table) => rows.get(table)!);
}

/** The last level with an expert that several tasks reach, or `input`. @throws PolytaskError when tasks share parameters above it */
export async function findCut(
  model: MultiTaskModel<Tasks>,
  state: FlatState,
  passes: EnginePasses,
  { shared }: SharedParts,
): Promise<string> {
  const isPart = ({ from, size }: { from: number; size: number }) =>
    shared.some((part) => part.from < from + size && from < part.from + part.size);
  const names = state.places.filter(isPart).map(({ name }) => name);
  const levels = model.network.levels.map(({ experts }) => experts.length);
  if (levels.length === 0) {
    const above = names.find((name) => !name.startsWith(`${INPUT}.`));
    return above === undefined ? INPUT : failToCut(`"${above}", which gives each task another`);
  }
  const marksByTask = await reachedBy(model, state, passes, 'sharing');
  const isShared = (expert: number) => marksByTask.filter((marks) => marks[expert]).length > 1;
  let [cut, firstExpert, above] = [INPUT, 0, 0];
  levels.forEach((count, l) => {
    if (Array.from({ length: count }, (_, e) => firstExpert + e).some(isShared)) [cut, above] = [`levels.${l}`, l + 1];
    firstExpert += count;
  });
  const separateLevel = model.network.levels
    .slice(above)
    .find(({ expertsPath }) => names.some((name) => name.startsWith(`${expertsPath}.`)));
  return separateLevel ? failToCut(`"${separateLevel.expertsPath}", which each task runs on a lane of its own`) : cut;
}

const failToCut = (received: string): never =>
  fail({
    expected: 'experts that tasks share to give all of them one output, for gradients at the representation',
    received,
    fix: "Balance with of: 'parameters'.",
  });
