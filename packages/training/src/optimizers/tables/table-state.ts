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
import { IdleHistory } from './idle-history.ts';

/** How many rows {@link TableOptimizer.settle} moves at a time. They stay in the nearest caches of a processor. */
const BLOCK = 256;

/** In {@link TableOptimizer.since}: no step has updated the row. */
const NEVER = -1;

/**
 * Its slots are in host memory. A step gathers rows, updates and writes them. Rows of Adam and momentum make up for idle steps
 * when read again.
 */
export class TableOptimizer {
  readonly #optimizer: Optimizer;
  readonly #slotNames: readonly string[];
  /** The shape of {@link slots}: the width is that of all slots of a row. */
  readonly #shape: readonly [rows: number, width: number];
  /** The steps of which rows make up. Undefined for an optimizer that leaves rows as they are. */
  readonly #history: IdleHistory | undefined;
  #slots: Float32Array | undefined;
  #since: Int32Array | undefined;

  constructor(
    readonly table: EmbeddingTable,
    private readonly spec: OptimizerSpec,
  ) {
    const { rows, dimension } = table;
    const whole = createOptimizer(spec);
    const optimizer = table.rate > 0 ? whole : { ...whole, slots: {}, idle: undefined };
    this.#slotNames = Object.keys(optimizer.slots);
    this.#shape = [rows, this.#slotNames.length * (optimizer.perRow ? 1 : dimension)];
    this.#history = IdleHistory.of(optimizer.idle);
    this.#optimizer = optimizer;
  }

  /** All slots, [rows × slots of a row], in the order of their names. Made at the first use, so a run that resumes has them once. */
  get slots(): Float32Array {
    if (this.#slots) return this.#slots;
    const slots = this.#emptySlots();
    const starts = Object.values(this.#optimizer.slots);
    // zeros that nobody writes take no memory yet
    if (starts.some((value) => value !== 0)) {
      const width = this.#shape[1] / starts.length;
      for (let i = 0; i < slots.length; i++) slots[i] = starts[Math.floor(i / width) % starts.length]!;
    }
    return (this.#slots = slots);
  }

  /** The step of the history that each row is at, or {@link NEVER}, [rows]. For a table with a history. */
  get since(): Int32Array {
    return (this.#since ??= new Int32Array(this.table.rows).fill(NEVER));
  }

  /** The names of the arrays that a checkpoint has: `adam.m+v.input.table`, the step that each row is at, and the history. */
  get #names(): { slots: string | undefined; since: string; history: string } {
    const nameOf = (slot: string) => slotName(this.spec, slot, this.table.name);
    const slots = this.#slotNames.length > 0 ? nameOf(this.#slotNames.join('+')) : undefined;
    return { slots, since: nameOf('since'), history: nameOf('history') };
  }

  /** The arrays that a checkpoint has, by name. Most are not copies: further steps change them. */
  arrays(): Record<string, NamedTensor> {
    const { slots, since, history } = this.#names;
    const words = this.#history && new Int32Array(this.#history.sums.buffer); // files have numbers of 32 bits
    return {
      ...(slots !== undefined && { [slots]: { dtype: 'float32', shape: this.#shape, data: this.slots } }),
      ...(words && {
        [since]: { dtype: 'int32', shape: [this.since.length], data: this.since },
        [history]: { dtype: 'int32', shape: [words.length], data: words },
      }),
    };
  }

  /** The shapes of {@link arrays} that another run gives. The history is as long as the epoch of that run. */
  shapes(given: Readonly<Record<string, NamedTensor>>): Record<string, readonly number[]> {
    const { slots, since, history } = this.#names;
    return {
      ...(slots !== undefined && { [slots]: this.#shape }),
      ...(this.#history && { [since]: [this.table.rows], [history]: given[history]?.shape ?? [] }),
    };
  }

  adopt(arrays: Readonly<Record<string, NamedTensor>>): void {
    const { slots, since, history } = this.#names;
    this.#slots = slots === undefined ? new Float32Array(0) : (arrays[slots]!.data as Float32Array);
    if (!this.#history) return;
    this.#since = arrays[since]!.data as Int32Array;
    this.#history.sums = new Float64Array((arrays[history]!.data as Int32Array).slice().buffer);
  }

  forRows(capacity: number): FlatOptimizer {
    const { dimension } = this.table;
    return new FlatOptimizer(this.spec, capacity * dimension, dimension);
  }

  /** Copies rows and their slots into an optimizer of {@link forRows}, at the present. The table stays as it is. @param ids each id once */
  gather(ids: Int32Array, rows: FlatOptimizer): void {
    const { dimension } = this.table;
    this.table.checkIds(ids);
    gatherRows({ dimension, ids, parts: this.#parts(this.table.values, rows) });
    this.#eachRowSlot(rows, (gathered, at) => {
      const { slots } = this;
      ids.forEach((id, k) => gathered.fill(slots[at(id)]!, k * dimension, (k + 1) * dimension));
    });
    if (!this.#history) return;
    const [{ now }, { since }] = [this.#history, this];
    const steps = new Int32Array(ids.length);
    for (let k = 0; k < ids.length; k++) {
      const step = since[ids[k]!]!;
      steps[k] = step === NEVER ? now : step;
    }
    this.#history.move(steps, { parameters: rows.parameters, slots: rows.slots, dimension });
  }

  update(ids: Int32Array, rows: FlatOptimizer, place: { readonly step: number; readonly learningRate: number }): void {
    const { rate } = this.table;
    if (rate === 0) return;
    const at = { ...place, learningRate: place.learningRate * rate };
    this.#history?.add(this.#optimizer.coefficients(at));
    rows.update(at, ids.length * this.table.dimension);
    this.#scatter(ids, rows);
  }

  /** Brings all rows to the present, where the history restarts. */
  settle(): void {
    if (!this.#history) return;
    const [{ now }, { since }] = [this.#history, this];
    const rows = this.forRows(BLOCK);
    const ids = new Int32Array(BLOCK);
    let count = 0;
    const move = () => {
      const some = ids.subarray(0, count);
      this.gather(some, rows);
      this.#scatter(some, rows);
      count = 0;
    };
    for (let row = 0; row < since.length; row++) {
      if (since[row] === NEVER || since[row] === now) continue;
      ids[count++] = row;
      if (count === BLOCK) move();
    }
    if (count > 0) move();
    for (let row = 0; row < since.length; row++) if (since[row] !== NEVER) since[row] = 0;
    this.#history.restart();
  }

  #scatter(ids: Int32Array, rows: FlatOptimizer): void {
    const { dimension } = this.table;
    scatterRows({ dimension, ids, parts: this.#parts(this.table.edit(ids), rows) });
    this.#eachRowSlot(rows, (gathered, at) => {
      const { slots } = this;
      ids.forEach((id, k) => (slots[at(id)] = gathered[k * dimension]!));
    });
    if (!this.#history) return;
    const [{ now }, { since }] = [this.#history, this];
    for (let k = 0; k < ids.length; k++) since[ids[k]!] = now;
  }

  /** The rows of the table, and those of its slots that have a number for each parameter. */
  #parts(values: Float32Array, rows: FlatOptimizer): CopiedPart[] {
    const { dimension } = this.table;
    const [, width] = this.#shape;
    const slots = this.#optimizer.perRow ? [] : this.#slotNames;
    return [
      wholeRows(values, dimension, rows.parameters),
      ...slots.map((slot, s) => ({ array: this.slots, width, offset: s * dimension, gathered: rows.slots[slot]! })),
    ];
  }

  /** For each slot with one number a row, of which all numbers of a gathered row are copies. `at` is its place in {@link slots}. */
  #eachRowSlot(rows: FlatOptimizer, copy: (gathered: Float32Array, at: (id: number) => number) => void): void {
    if (!this.#optimizer.perRow) return;
    const names = this.#slotNames;
    names.forEach((slot, s) => copy(rows.slots[slot]!, (id) => id * names.length + s));
  }

  #emptySlots(): Float32Array {
    try {
      return alignedFloats(this.#shape[0] * this.#shape[1]);
    } catch (cause) {
      return fail({
        expected: `room for the slots ${this.#slotNames.join(' and ')} of the table "${this.table.name}" in one array`,
        received: `[${this.#shape}]: ${(cause as Error).message}`,
        fix: 'Pass a tableOptimizer with fewer slots, such as rowWiseAdagrad() or sgd(), or take hashed features with fewer buckets.',
      });
    }
  }
}

/** The rows of one table that a batch reads. Graphs read the optimizer's parameters and write its gradients in place. The rest is padding. */
export interface TrainedRows {
  readonly table: EmbeddingTable;
  readonly shape: TableRows['shape'];
  readonly optimizer: FlatOptimizer;
}

/** The tables of a model that have sparse updates, with the slots of their optimizer. */
export class TableState {
  readonly #layout: MultiTaskModel['layout'];
  readonly #tables: readonly TableOptimizer[];
  readonly #gathered = new Map<number, readonly TrainedRows[]>();
  #last: { readonly ids: Int32Array; readonly rows: readonly TrainedRows[] } | undefined;

  constructor({ layout, store }: Pick<MultiTaskModel, 'layout' | 'store'>, optimizer: OptimizerSpec) {
    this.#layout = layout;
    const spec = withoutAverage(optimizer);
    this.#tables = store.tables().map((table) => new TableOptimizer(table, spec));
  }

  /** The gathered rows of all tables, for batches of this size. Their arrays stay the same. */
  rows(batchSize: number): readonly TrainedRows[] {
    let rows = this.#gathered.get(batchSize);
    if (!rows) {
      rows = this.#tables.map((optimizer) => {
        const shape = gatheredShape(optimizer.table, this.#layout, batchSize);
        return { table: optimizer.table, shape, optimizer: optimizer.forRows(shape[0]) };
      });
      this.#gathered.set(batchSize, rows);
    }
    return rows;
  }

  /** Gathers the rows of a batch into {@link rows}, at the present. @throws PolytaskError when an id is outside of a table */
  gather(batch: Batch): GatheredBatch {
    const rows = this.rows(batch.size);
    const tables = this.#tables.map(({ table }) => table);
    const gathered = gatherTables(batch, tables, (table, ids) => {
      const t = tables.indexOf(table);
      const { shape, optimizer } = rows[t]!;
      this.#tables[t]!.gather(ids, optimizer);
      return { shape, data: optimizer.parameters };
    });
    this.#last = gathered.gathered && { ids: gathered.gathered.ids, rows };
    return gathered;
  }

  update(at: { readonly step: number; readonly learningRate: number }): void {
    if (!this.#last) return;
    const { ids, rows } = this.#last;
    this.#tables.forEach((optimizer, t) => optimizer.update(ids, rows[t]!.optimizer, at));
  }

  /** Brings all rows of all tables to the present. The rows of a table need it before something other than a step reads them. */
  settle(): void {
    for (const optimizer of this.#tables) optimizer.settle();
  }

  /** The slots by name, and where rows and their history are. Most arrays are not copies: further steps change them. */
  slots(): Record<string, NamedTensor> {
    return Object.assign({}, ...this.#tables.map((table) => table.arrays())) as Record<string, NamedTensor>;
  }

  /** Keeps the slots of the tables, and returns the others. @throws PolytaskError that lists missing and misshapen ones */
  restoreSlots(all: Readonly<Record<string, NamedTensor>>): Record<string, NamedTensor> {
    const shapes = Object.assign({}, ...this.#tables.map((table) => table.shapes(all))) as Record<string, number[]>;
    const [own, rest] = [true, false].map((isOwn) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(shapes, name) === isOwn)),
    );
    checkSlots(shapes, own!);
    for (const table of this.#tables) table.adopt(own!);
    return rest!;
  }
}
