import { checkMembersOf, define, defining, type About, type Described } from '@polytask/components';
import type { Label, LabelType, OtherLabel } from '@polytask/core';
import { checkNamespace } from '@polytask/core/internal';
import { type ColumnRows, type Need, needOf, valueReader, wrongValue } from '../columns/columns.ts';
import type { LabelPart } from '../statistics/label-values.ts';
import type { LabeledTask, LabelReading } from './label-reading.ts';

/** A cell of a label: a number, a text, or null where it is missing. */
type Cell = number | string | null;

type Found = Readonly<Record<string, number | readonly number[]>>;

/** The definition of a type of label: how it is read, fitted and encoded. */
export interface LabelDefinition<L extends object>
  extends Omit<LabelType, 'unit' | 'names' | 'fitted' | 'madeUp'>, Pick<About, 'description' | 'package'> {
  /** The columns that it reads, and what their cells are: {@link LabelDefinition.read} gets them in this order. @param column that of the task */
  columns(column: string, label: L): Readonly<Record<string, 'number' | 'text'>>;
  /**
   * The label of a row as one number, in its own unit. NaN for a missing label, and undefined for cells that are none.
   *
   * @param cells null where one is empty
   */
  read(cells: readonly Cell[], label: L): number | undefined;
  /** What cells are labels, for errors and the documentation of a service: `a price, or "≥" and a price`. */
  readonly words: string;
  /** Fits to the labels of the training rows, in their own unit. `finish` gives what `fitted` describes, and may throw. */
  fit(label: L): { add(label: number, weight: number): void; finish(): Found };
  /** What a fit finds. A scale of `unit` reads `mean` and `deviation`. */
  readonly fitted: Described;
  /** The unit of labels that are scaled before a model is trained on them. Default: they stay as they are. */
  unit?(label: L): ReturnType<NonNullable<LabelType['unit']>>;
  /**
   * An encoded label for rows that a program makes up. Default: the score, within the bounds of `unit`.
   *
   * @param score any number: a greater one gives a later label
   */
  madeUp?(score: number, label: L): number;
  /** Cells of made-up rows that can be fitted, as many for each column: what can occur, occurs. */
  cells(column: string, label: L): Readonly<Record<string, readonly unknown[]>>;
  /** What it says about its rows, for guards. Default: a number. */
  readonly parts?: readonly LabelPart[];
}

/** The label of a kind of task: its type, and what the kind says beside. */
export type DefinedLabel<L extends object> = (
  ...given: Record<never, never> extends L ? [label?: L] : [label: L]
) => OtherLabel & L;

/**
 * Defines a type of label. All packages know it from then on: it is read from files and programs, fitted, encoded, watched and documented. A
 * kind of task has it as its `label`.
 *
 * A batch has one 32-bit number for each label. So what a label says beside a number, such as that it is a bound, goes into the sign.
 *
 * @param name the type, with a namespace, such as `my-package/clock`; it must be unique
 * @returns a function that gives the label of a kind of task
 * @throws PolytaskError when the name is taken, or has no namespace
 * @example
 * const percent = defineLabel('my-package/percent', {
 *   columns: (column) => ({ [column]: 'text' }),
 *   read: ([cell]) => (cell === null ? NaN : /^[0-9.]+%$/.test(String(cell)) ? parseFloat(String(cell)) / 100 : undefined),
 *   words: 'a share in percent, such as 12%',
 *   like: 'number', // metrics of numbers measure it
 *   fitted: {},
 *   fit: () => ({ add: () => {}, finish: () => ({}) }),
 *   madeUp: (score) => 1 / (1 + Math.exp(-score)),
 *   cells: (column) => ({ [column]: ['0%', '20%', '40%', '100%'] }),
 * });
 * percent(); // { type: 'my-package/percent' }
 */
export function defineLabel<N extends OtherLabel['type'], L extends object = Record<never, never>>(
  name: N,
  definition: LabelDefinition<L>,
): DefinedLabel<L> {
  checkNamespace('label', name);
  const needed = ['columns', 'read', 'words', 'fit', 'fitted', 'cells'];
  const own = definition as unknown as LabelDefinition<Label>;
  const {
    description,
    package: from,
    fitted,
    madeUp,
    like,
    unit,
  } = checkMembersOf({ kind: 'label', name }, own, needed);
  const encoding: LabelType = {
    ...(like !== undefined && { like }),
    ...(unit && { unit }),
    fitted: () => fitted,
    ...(madeUp && { madeUp: (label, score) => madeUp(score, label) }),
  };
  define(
    'label',
    name,
    { ...encoding, reading: readingFrom(own) },
    {
      ...(description !== undefined && { description }),
      ...(from !== undefined && { package: from }),
    },
  );
  return defining('label', name, (label?: L) => ({ ...label, type: name }) as OtherLabel & L);
}

const NUMBER: readonly LabelPart[] = [{ what: 'the labels', type: 'number', valueOf: (y) => y }];

function readingFrom({ cells, columns, fit, parts = NUMBER, read, words }: LabelDefinition<Label>): LabelReading {
  const needs = (column: string, label: Label): Need[] =>
    Object.entries(columns(column, label)).map(([each, type]) => needOf(type === 'number' ? 'numbers' : 'texts', each));
  function reader(table: ColumnRows, { name, column: first, label }: LabeledTask): (row: number) => number {
    const own = needs(first, label);
    const readers = own.map((need) => valueReader(table, need));
    return (row) => {
      const values = readers.map((each) => each(row) as Cell).map((cell) => (Number.isNaN(cell) ? null : cell));
      const found = read(values, label);
      if (found !== undefined) return found;
      const { column } = own[0]!;
      const fix = 'Correct the cell, or leave it empty where there is no label.';
      const received = values.length === 1 ? values[0] : values;
      return wrongValue(received, `${words} as the label of task "${name}"`, column, table.where(row), fix);
    };
  }
  return {
    needs: ({ column, label }) => needs(column, label),
    reader,
    fit({ task, label }) {
      const { add, finish } = fit(label);
      return { take: (own: number, weight) => add(own, weight), finish: () => ({ ...task, fitted: finish() }) };
    },
    parts: () => parts,
    cells: ({ column, label }) => cells(column, label),
    words,
  };
}
