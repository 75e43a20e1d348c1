import { createSpec, fail, mapValues } from '@polytask/components';
import { vectorsOf, vocabularySize } from '../features/codes.ts';
import type { Layout } from '../features/layout.ts';
import type { Schema } from '../features/schema.ts';
import { growthOf, type NetworkSpec, trainerOf } from '../fusion/network.ts';
import type { ReadDeclaration } from '../model/model-declaration.ts';
import { MultiTaskModel } from '../model/model.ts';
import {
  streamCounters,
  type PlaceBlock,
  type ParameterAxes,
  type ParameterStore,
} from '../parameters/parameter-store.ts';
import { readParameters, writeParameters } from '../saving/parameters.ts';
import type { NamedTensor } from '../storage/index.ts';
import type { Tasks } from '../tasks/tasks.ts';

export interface Growth {
  /** With all of the old numbers, and no others. */
  readonly kept: readonly string[];
  /** With the old numbers, and further rows, experts or tasks. */
  readonly grown: readonly string[];
  /** That the old model didn't have. */
  readonly added: readonly string[];
}

export interface GrownModel<T extends Tasks = Tasks> {
  /** The caller disposes of it. */
  readonly model: MultiTaskModel<T>;
  readonly growth: Growth;
}

/**
 * A new model of a larger schema, with the numbers of an old model, which stays as it is. Further rows of embedding tables, and the towers,
 * heads, gates and experts of further tasks, start as in a new model. Old ids and tasks have the same predictions as before: gates of old
 * tasks start without the experts of new tasks. Running statistics and random streams go on.
 *
 * @param schema with all features and tasks of the old model, as {@link grownSchema} makes it
 * @param config options of the network to change, such as `refitDecayRate` of boosted trees
 * @throws PolytaskError for a network that brings its training and doesn't grow, and for a parameter that can't grow with its numbers
 * @example
 * const { model, growth } = await growModel(old, grownSchema(old.schema, fitSchema(table)));
 * await fit(model, encode(table, model.schema), { trainable: ['towers.*', 'heads.*'] });
 */
export async function growModel<O extends Tasks, T extends Tasks>(
  old: MultiTaskModel<O>,
  schema: Schema<T>,
  config: object = {},
): Promise<GrownModel<T>> {
  const from = namedParts(old, await readParameters(old.store));
  const network = grownNetwork(old.config.network, config, from);
  const model = new MultiTaskModel<T>({ ...old.config, network, schema } as unknown as ReadDeclaration<T>);
  try {
    const to = namedParts(model, await readParameters(model.store));
    const growth = { kept: [] as string[], grown: [] as string[], added: [] as string[] };
    const used = new Set<string>();
    const tensors = Object.entries(to).map(([name, part]) => {
      const source = sourceOf(name, part, from);
      if (source === undefined) {
        growth.added.push(name);
        return [name, part.tensor] as const;
      }
      used.add(source);
      const isSame = JSON.stringify(from[source]!.axes) === JSON.stringify(part.axes);
      growth[isSame ? 'kept' : 'grown'].push(name);
      return [name, isSame ? from[source]!.tensor : grownTensor(name, from[source]!, part)] as const;
    });
    const lost = Object.keys(from).filter((each) => !used.has(each));
    if (lost.length > 0) cannotGrow(lost.join('", "'), 'nothing of this name in the grown model');
    writeParameters(model.store, Object.fromEntries(tensors), 'The grown model');
    model.store.restoreStreams(streamCounters(old.store));
    return { model, growth };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The architecture of a trained model, for a model that starts anew. */
export function newNetwork(spec: NetworkSpec): NetworkSpec {
  const config = growthOf(spec)?.(spec.config as object, {});
  return config ? createSpec('network', spec.name, config) : spec;
}

function grownNetwork(spec: NetworkSpec, changes: object, from: Readonly<Record<string, NamedPart>>): NetworkSpec {
  const growth = growthOf(spec);
  if (trainerOf(spec) && !growth)
    fail({
      expected: 'a network that is trained by gradients, to train it on',
      received: `"${spec.name}", which brings its training and starts anew`,
      fix: 'Train a new model on the old rows and the new ones together.',
    });
  const own = spec.config as object;
  const config =
    growth?.(
      own,
      mapValues(from, ({ tensor }) => tensor),
    ) ?? own;
  return createSpec('network', spec.name, { ...config, ...changes });
}

interface NamedPart {
  readonly tensor: NamedTensor;
  /** The blocks of each axis. An axis without names is one block. */
  readonly axes: readonly (readonly PlaceBlock[])[];
  readonly closed: number;
  readonly live: readonly (readonly boolean[])[] | undefined;
}

function namedParts(
  { store, layout }: { readonly store: ParameterStore; readonly layout: Layout },
  tensors: Readonly<Record<string, NamedTensor>>,
): Record<string, NamedPart> {
  const blocks = tableBlocks(layout);
  const axesOf = new Map<string, ParameterAxes>([
    ...store.all().map(({ name, axes = {} }) => [name, axes] as const),
    ...store.tables().map(({ name }) => [name, { isTable: true }] as const),
  ]);
  const parts = Object.entries(tensors).map(([name, tensor]) => {
    const { members, columns, blocks: own, isTable, closed = 0 } = axesOf.get(name)!;
    const axes = tensor.shape.map((size, axis): readonly PlaceBlock[] => {
      if (axis === 0 && (isTable || own)) return own ?? blocks;
      const names = axis === 0 ? members : axis === tensor.shape.length - 1 ? columns?.names : undefined;
      if (!names) return [{ name: '', size }];
      // columns may be there several times, such as for each feature of an expert
      const suffix = (i: number) => (i < names.length ? '' : ` ${Math.floor(i / names.length)}`);
      return Array.from({ length: size }, (_, i) => ({ name: `${names[i % names.length]}${suffix(i)}`, size: 1 }));
    });
    return [name, { tensor, axes, closed, live: columns?.live }] as const;
  });
  return Object.fromEntries(parts);
}

/** The rows of an embedding table: a block for each vector of each feature that owns rows. */
const tableBlocks = ({ places }: Layout): PlaceBlock[] =>
  places
    .flatMap(({ name, table, values }) => values?.table ?? (table?.name === name ? [table] : []))
    .flatMap(({ name, codes }) =>
      Array.from({ length: vectorsOf(codes) }, (_, v) => ({ name: `${name} ${v}`, size: vocabularySize(codes) })),
    );

/** The old parameter of the same numbers. Heads are `heads` while all tasks have equally many outputs, else `heads.1`, `heads.3`. */
function sourceOf(name: string, { tensor }: NamedPart, from: Readonly<Record<string, NamedPart>>): string | undefined {
  if (Object.hasOwn(from, name)) return name;
  const units = tensor.shape.at(-1);
  const before = name.replace(new RegExp(`^((.*\\.)?heads)\\.${units}\\.(\\w+)$`), '$1.$3');
  return Object.hasOwn(from, before) && from[before]!.tensor.shape.at(-1) === units ? before : undefined;
}

/** A tensor with the old numbers where all names agree. */
function grownTensor(name: string, from: NamedPart, to: NamedPart): NamedTensor {
  const { live = [] } = to;
  const { shape } = to.tensor;
  const maps = shape.map((_, axis) => placesOf(name, from, to, axis));
  const data = (to.tensor.data as Float32Array).slice();
  const [old, last] = [from.tensor.data as Float32Array, shape.length - 1];
  const isRow = maps[last]!.every((place, i) => place === i) && from.tensor.shape[last] === shape[last];
  const visit = (axis: number, at: number, oldAt: number, member: number): void => {
    const [width, map] = [shape[axis]!, maps[axis]!];
    const oldWidth = from.tensor.shape[axis]!;
    if (axis === last && isRow) return data.set(old.subarray(oldAt * width, (oldAt + 1) * width), at * width);
    for (let i = 0; i < width; i++) {
      const place = map[i]!;
      if (axis < last) {
        if (place >= 0) visit(axis + 1, at * width + i, oldAt * oldWidth + place, axis === 0 ? i : member);
      } else if (place >= 0) data[at * width + i] = old[oldAt * oldWidth + place]!;
      else data[at * width + i] = (live[member]?.[i % live[member].length] ?? true) ? to.closed : 0;
    }
  };
  visit(0, 0, 0, 0);
  return { ...to.tensor, data };
}

/** The old place of each place along an axis; −1 for a new one. @throws PolytaskError if old places are gone, or have no names */
function placesOf(name: string, from: NamedPart, to: NamedPart, axis: number): Int32Array {
  const starts = new Map<string, { readonly start: number; readonly size: number }>();
  let start = 0;
  for (const block of from.axes[axis] ?? []) {
    starts.set(block.name, { start, size: block.size });
    start += block.size;
  }
  const found = new Int32Array(to.tensor.shape[axis]!).fill(-1);
  let at = 0;
  for (const { name: block, size, like } of to.axes[axis] ?? []) {
    const old = starts.get(block);
    starts.delete(block);
    if (old && (old.size > size || (block === '' && old.size !== size)))
      cannotGrow(name, `[${from.tensor.shape}], where the grown model has [${to.tensor.shape}]`);
    if (old) found.fill(like === undefined ? -1 : old.start + like, at, at + size);
    for (let i = 0; i < (old?.size ?? 0); i++) found[at + i] = old!.start + i;
    at += size;
  }
  if (starts.size > 0) cannotGrow(name, `"${[...starts.keys()].join('", "')}", which the grown model lacks`);
  return found;
}

function cannotGrow(name: string, received: string): never {
  return fail({
    expected: `parameter "${name}" to grow with its numbers`,
    received,
    fix: 'This model reads values or tasks by their number: train a new one on the old rows and the new ones together.',
  });
}
