import { mapValues, recordOf } from '@polytask/components';
import {
  featureKind,
  groupedTasks,
  regression,
  type DeclaredFeature,
  type Row,
  type Task,
  type Tasks,
} from '@polytask/core';
import { encode, fitSchema, fromRows, labelCells, type EncodedTable, withGroups } from '@polytask/data';
import { type Dice, diceOf, untilItWorks } from '../draw/dice.ts';
import type { Configuration } from '../draw/configuration.ts';

export interface Rows {
  /** Encoded rows with labels, which a model is trained on. */
  readonly train: EncodedTable;
  /** Further rows, with unknown values, as a program passes them. */
  readonly further: readonly Row[];
}

const FURTHER = 12;
const USERS = 7;

/** Makes the rows of a configuration. @throws PolytaskError when the features or tasks don't fit them */
export function rowsOf({ seed, rows: count, unlabeled, features, tasks, context }: Configuration): Rows {
  const cells = cellsOf(features);
  const rows = withLabels(featureRows(cells, seed, count), tasks, seed, unlabeled);
  const examples = encoded(rows, { features, tasks, ...(context && { context }) });
  const dice = diceOf(seed, 'users');
  const isGrouped = groupedTasks(examples.schema.tasks).length > 0;
  const users = Array.from({ length: count }, () => dice.below(USERS));
  return {
    train: isGrouped ? withGroups(examples, users) : examples,
    further: featureRows(cells, seed, FURTHER, false),
  };
}

function encoded(rows: readonly Row[], declaration: Parameters<typeof fromRows>[1]): EncodedTable {
  const table = fromRows(rows, declaration);
  return encode(table, fitSchema(table));
}

interface CellPlace {
  readonly dice: Dice;
  /** How many entries lists have in this row. */
  readonly entries: number;
  /** Whether the row is one of training: other rows have unknown values, too. */
  readonly isTraining: boolean;
}

type Cell = (place: CellPlace) => unknown;

/** The share of cells that are missing, where a feature allows it. */
const MISSING = 0.15;

const WORDS = ['Bergen', 'Porto', 'Lyon', 'a red house', 'x,"y"'];
const UNKNOWN = ['Oslo', '', 'toString'];
const DAYS = ['2026-01-10', '2026-06-11T13:05', '2025-12-31', '2024-02-29'];

const word: Cell = ({ dice, isTraining }) => dice.of(isTraining ? WORDS : [...WORDS, ...UNKNOWN]);
const day: Cell = ({ dice }) => dice.of(DAYS);
// Of float32, which is what ONNX files take: a steep quantile encoding makes rounding visible.
const number: Cell = ({ dice }) =>
  Math.fround(dice.of([dice.below(7) - 3, 100 * (dice.below(1000) / 1000 - 0.3), 0, 1e4 * dice.below(3)]));
const small: Cell = ({ dice }) => Math.fround(dice.below(1000) / 250 - 2);

const orMissing =
  (cell: Cell): Cell =>
  (place) =>
    place.dice.chance(MISSING) ? null : cell(place);

/** A list of a cell, which has as many entries as the place says, or always so many. */
const listOf =
  (cell: Cell, width?: number): Cell =>
  (place) =>
    Array.from({ length: width ?? place.entries }, () => cell(place));

/** Cells of lists, texts and numbers. A feature has the first ones that it can be fitted to. */
const LISTS = [word, small].flatMap((cell) => [listOf(orMissing(cell)), listOf(cell)]);
const [WORDS_OR_DAYS, NUMBERS, SMALL] = [[word, day], [number], [small]].map((cells) =>
  cells.flatMap((cell) => [orMissing(cell), cell]),
);
const VECTORS = [1, 2, 3, 4, 5].map((width) => listOf(small, width));
const CELLS = {
  number: [...VECTORS, ...NUMBERS!],
  text: [...LISTS, ...WORDS_OR_DAYS!, ...VECTORS, ...NUMBERS!],
};

/** The features of a table, with the cells that each can be fitted to. */
type FeatureCells = Readonly<Record<string, Cell>>;

/** Finds cells that a feature can be fitted to. @throws PolytaskError of the last cells, when there are none */
export function cellsFor(
  name: string,
  feature: DeclaredFeature,
  features: Readonly<Record<string, DeclaredFeature>>,
  cells: FeatureCells,
): Cell {
  // Raw numbers of 10⁴ become products of 10¹² in a network. Times ONNX Runtime's sigmoid, right to 6e-8 where its true value
  // is 1e-18, engines differ by far more than by rounding.
  const isRaw = 'standardize' in feature && feature.standardize === false;
  const candidates = isRaw ? SMALL! : CELLS[featureKind(feature.kind).cell ?? 'text'];
  return untilItWorks((attempt) => {
    const cell = candidates[attempt]!;
    const rows = featureRows({ ...cells, [name]: cell, label: small }, 1, 40);
    encoded(rows, { features: { ...features, [name]: feature }, tasks: { label: regression() } });
    return cell;
  }, candidates.length);
}

function featureRows(cells: FeatureCells, seed: number, count: number, isTraining = true): Row[] {
  const dice = diceOf(seed, isTraining ? 'rows' : 'new rows');
  return Array.from({ length: count }, () => {
    const place = { dice, isTraining, entries: dice.below(5) };
    return recordOf(Object.keys(cells), (name) => cells[name]!(place));
  });
}

/** Adds the labels of tasks to rows, some of which are missing, and a column of weights. */
function withLabels(rows: readonly Row[], tasks: Tasks, seed: number, unlabeled: number): Row[] {
  const dice = diceOf(seed, 'labels');
  return rows.map((row, i) => {
    const labels = Object.entries(tasks).map(([name, task]) => {
      const isMissing = i > 2 && dice.chance(unlabeled); // the first rows have all labels
      const cells = labelsOfRow(name, task, dice, i);
      return isMissing ? { ...cells, [name]: null } : cells;
    });
    return { ...row, ...Object.assign({}, ...labels), weight: dice.below(4) / 2 };
  });
}

/** Fits tasks to labels. @throws PolytaskError for tasks that don't fit theirs */
export function encodedLabels(tasks: Tasks): void {
  const rows = withLabels(featureRows({ x: small }, 1, 20), tasks, 1, 0);
  encoded(rows, { features: { x: { kind: 'numeric' } }, tasks });
}

/** The cells of a label. The first rows have different labels. */
function labelsOfRow(name: string, task: Task, dice: Dice, row: number): Record<string, unknown> {
  const cells = labelCells(name, task);
  const count = Object.values(cells)[0]!.length;
  const at = row < count ? row : dice.below(count);
  return mapValues(cells, (values) => values[at]);
}

export function cellsOf(features: Readonly<Record<string, DeclaredFeature>>): FeatureCells {
  let [before, cells]: [typeof features, FeatureCells] = [{}, {}];
  for (const [name, feature] of Object.entries(features)) {
    cells = { ...cells, [name]: cellsFor(name, feature, before, cells) };
    before = { ...before, [name]: feature };
  }
  return cells;
}
