import {
  fail,
  gatheredShape,
  gatherTables,
  type Batch,
  type GatheredBatch,
  type MultiTaskModel,
  type NamedTensor,
  type CopiedPart,
  type TableRows,
  type EmbeddingTable,
} from '@polytask/core';
import { alignedFloats, gatherRows, scatterRows, wholeRows } from '@polytask/core/internal';
import { FlatOptimizer } from '../flat/flat-optimizer.ts';
import {
  createOptimizer,
  checkSlots,
  slotName,
  type Optimizer,
  type OptimizerSpec,
  withoutAverage,
} from '../optimizer.ts';
import { idleHistory } from './idle-history.ts';

/** How many rows `settle` moves at a time. They stay in the nearest caches of a processor. */
const BLOCK = 256;

/** In `since`: no step has updated the row. */
const NEVER = -1;

/**
 * The optimizer of one table, whose slots are in host memory. A step gathers rows, updates and writes them. Rows of Adam and momentum make
 * up for idle steps when read again.
 */
export function rowOptimizer(table: EmbeddingTable, spec: OptimizerSpec) {
  const { dimension } = table;
  const whole = createOptimizer(spec);
  const optimizer: Optimizer = table.rate > 0 ? whole : { ...whole, slots: {}, idle: undefined };
  const slotNames = Object.keys(optimizer.slots);
  /** The shape of the slots: the width is that of all slots of a row. */
  const shape = [table.rows, slotNames.length * (optimizer.perRow ? 1 : dimension)] as const;
  /** The steps of which rows make up. Undefined for an optimizer that leaves rows as they are. */
  const history = idleHistory(optimizer.idle);
  let known: { slots?: Float32Array; since?: Int32Array } = {};
  /** The names of the arrays that a checkpoint has: `adam.m+v.input.table`, the step that each row is at, and the history. */
  const nameOf = (slot: string) => slotName(spec, slot, table.name);
  const names = {
    slots: slotNames.length > 0 ? nameOf(slotNames.join('+')) : undefined,
    ...{ since: nameOf('since'), history: nameOf('history') },
  };

  /** All slots, [rows × slots of a row], in the order of their names. Made at the first use, so a run that resumes has them once. */
  const slotsOf = (): Float32Array => {
    if (known.slots) return known.slots;
    const slots = emptySlots();
    const starts = Object.values(optimizer.slots);
    // zeros that nobody writes take no memory yet
    if (starts.some((value) => value !== 0)) {
      const width = shape[1] / starts.length;
      for (let i = 0; i < slots.length; i++) slots[i] = starts[Math.floor(i / width) % starts.length]!;
    }
    return (known.slots = slots);
  };
  const emptySlots = (): Float32Array => {
    try {
      return alignedFloats(shape[0] * shape[1]);
    } catch (cause) {
      return fail({
        expected: `room for the slots ${slotNames.join(' and ')} of the table "${table.name}" in one array`,
        received: `[${shape}]: ${(cause as Error).message}`,
        fix: 'Pass a tableOptimizer with fewer slots, such as rowWiseAdagrad() or sgd(), or take hashed features with fewer buckets.',
      });
    }
  };
  /** The step of the history that each row is at, or {@link NEVER}, [rows]. For a table with a history. */
  const sinceOf = (): Int32Array => (known.since ??= new Int32Array(table.rows).fill(NEVER));

  /** The rows of the table, and those of its slots that have a number for each parameter. */
  const partsOf = (values: Float32Array, rows: FlatOptimizer): CopiedPart[] => [
    wholeRows(values, dimension, rows.parameters),
    ...(optimizer.perRow ? [] : slotNames).map((slot, s) => ({
      ...{ array: slotsOf(), width: shape[1], offset: s * dimension, gathered: rows.slots[slot]! },
    })),
  ];
  /** For each slot with one number a row, of which all numbers of a gathered row are copies. `at` is its place in the slots. */
  const eachRowSlot = (copy: (slot: string, slots: Float32Array, at: (id: number) => number) => void): void => {
    if (optimizer.perRow) slotNames.forEach((slot, s) => copy(slot, slotsOf(), (id) => id * slotNames.length + s));
  };

  const forRows = (capacity: number) => new FlatOptimizer(spec, capacity * dimension, dimension);
  /** Copies rows and their slots into an optimizer of `forRows`, at the present. The table stays as it is. @param ids each id once */
  const gather = (ids: Int32Array, rows: FlatOptimizer): void => {
    table.checkIds(ids);
    gatherRows({ dimension, ids, parts: partsOf(table.values, rows) });
    eachRowSlot((slot, slots, at) =>
      ids.forEach((id, k) => rows.slots[slot]!.fill(slots[at(id)]!, k * dimension, (k + 1) * dimension)),
    );
    if (!history) return;
    const [now, since] = [history.now(), sinceOf()];
    const steps = new Int32Array(ids.length);
    for (let k = 0; k < ids.length; k++) {
      const step = since[ids[k]!]!;
      steps[k] = step === NEVER ? now : step;
    }
    history.move(steps, { parameters: rows.parameters, slots: rows.slots, dimension });
  };
  const scatter = (ids: Int32Array, rows: FlatOptimizer): void => {
    scatterRows({ dimension, ids, parts: partsOf(table.edit(ids), rows) });
    eachRowSlot((slot, slots, at) => ids.forEach((id, k) => (slots[at(id)] = rows.slots[slot]![k * dimension]!)));
    if (!history) return;
    const [now, since] = [history.now(), sinceOf()];
    for (let k = 0; k < ids.length; k++) since[ids[k]!] = now;
  };

  return {
    ...{ table, slots: slotsOf, forRows, gather },
    /** The arrays that a checkpoint has, by name. Most are not copies: further steps change them. */
    arrays(): Record<string, NamedTensor> {
      const words = history && new Int32Array(history.sums().buffer); // files have numbers of 32 bits
      return {
        ...(names.slots !== undefined && { [names.slots]: { dtype: 'float32', shape, data: slotsOf() } }),
        ...(words && {
          [names.since]: { dtype: 'int32', shape: [table.rows], data: sinceOf() },
          [names.history]: { dtype: 'int32', shape: [words.length], data: words },
        }),
      };
    },
    /** The shapes of `arrays` that another run gives. The history is as long as the epoch of that run. */
    shapes: (given: Readonly<Record<string, NamedTensor>>): Record<string, readonly number[]> => ({
      ...(names.slots !== undefined && { [names.slots]: shape }),
      ...(history && { [names.since]: [table.rows], [names.history]: given[names.history]?.shape ?? [] }),
    }),
    adopt(arrays: Readonly<Record<string, NamedTensor>>): void {
      known = { slots: names.slots === undefined ? new Float32Array(0) : (arrays[names.slots]!.data as Float32Array) };
      if (!history) return;
      known.since = arrays[names.since]!.data as Int32Array;
      history.adopt(new Float64Array((arrays[names.history]!.data as Int32Array).slice().buffer));
    },
    update(
      ids: Int32Array,
      rows: FlatOptimizer,
      place: { readonly step: number; readonly learningRate: number },
    ): void {
      if (table.rate === 0) return;
      const at = { ...place, learningRate: place.learningRate * table.rate };
      history?.add(optimizer.coefficients(at));
      rows.update(at, ids.length * dimension);
      scatter(ids, rows);
    },
    /** Brings all rows to the present, where the history restarts. */
    settle(): void {
      if (!history) return;
      const [now, since] = [history.now(), sinceOf()];
      const rows = forRows(BLOCK);
      const ids = new Int32Array(BLOCK);
      let count = 0;
      const move = () => {
        const some = ids.subarray(0, count);
        gather(some, rows);
        scatter(some, rows);
        count = 0;
      };
      for (let row = 0; row < since.length; row++) {
        if (since[row] === NEVER || since[row] === now) continue;
        ids[count++] = row;
        if (count === BLOCK) move();
      }
      if (count > 0) move();
      for (let row = 0; row < since.length; row++) if (since[row] !== NEVER) since[row] = 0;
      history.restart();
    },
  };
}

/** The rows of one table that a batch reads. Graphs read the optimizer's parameters and write its gradients in place. The rest is padding. */
export interface TrainedRows {
  readonly table: EmbeddingTable;
  readonly shape: TableRows['shape'];
  readonly optimizer: FlatOptimizer;
}

export type TableState = ReturnType<typeof tableState>;

/** The tables of a model that have sparse updates, with the slots of their optimizer. */
export function tableState({ layout, store }: Pick<MultiTaskModel, 'layout' | 'store'>, optimizer: OptimizerSpec) {
  const spec = withoutAverage(optimizer);
  const all = store.tables().map((table) => rowOptimizer(table, spec));
  const gathered = new Map<number, readonly TrainedRows[]>();
  let last: { readonly ids: Int32Array; readonly rows: readonly TrainedRows[] } | undefined;
  /** The gathered rows of all tables, for batches of this size. Their arrays stay the same. */
  const rowsOf = (batchSize: number): readonly TrainedRows[] => {
    const rows =
      gathered.get(batchSize) ??
      all.map(({ table, forRows }) => {
        const shape = gatheredShape(table, layout, batchSize);
        return { table, shape, optimizer: forRows(shape[0]) };
      });
    gathered.set(batchSize, rows);
    return rows;
  };
  return {
    rows: rowsOf,
    /** Gathers the rows of a batch into `rows`, at the present. @throws PolytaskError when an id is outside of a table */
    gather(batch: Batch): GatheredBatch {
      const rows = rowsOf(batch.size);
      const tables = all.map(({ table }) => table);
      const read = gatherTables(batch, tables, (table, ids) => {
        const t = tables.indexOf(table);
        const { shape, optimizer } = rows[t]!;
        all[t]!.gather(ids, optimizer);
        return { shape, data: optimizer.parameters };
      });
      last = read.gathered && { ids: read.gathered.ids, rows };
      return read;
    },
    update(at: { readonly step: number; readonly learningRate: number }): void {
      if (!last) return;
      const { ids, rows } = last;
      all.forEach((each, t) => each.update(ids, rows[t]!.optimizer, at));
    },
    /** Brings all rows of all tables to the present. The rows of a table need it before something other than a step reads them. */
    settle: () => all.forEach((each) => each.settle()),
    /** The slots by name, and where rows and their history are. Most arrays are not copies: further steps change them. */
    slots: () => Object.assign({}, ...all.map((each) => each.arrays())) as Record<string, NamedTensor>,
    /** Keeps the slots of the tables, and returns the others. @throws PolytaskError that lists missing and misshapen ones */
    restoreSlots(given: Readonly<Record<string, NamedTensor>>): Record<string, NamedTensor> {
      const shapes = Object.assign({}, ...all.map((each) => each.shapes(given))) as Record<string, number[]>;
      const [own, rest] = [true, false].map((isOwn) =>
        Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(shapes, name) === isOwn)),
      );
      checkSlots(shapes, own!);
      for (const each of all) each.adopt(own!);
      return rest!;
    },
  };
}
