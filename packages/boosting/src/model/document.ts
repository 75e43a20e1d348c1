import {
  custom,
  either,
  fail,
  listOf,
  number,
  oneOf,
  optional,
  PolytaskError,
  readDocument,
  shaped,
  string,
  text,
  wholeNumber,
  type Option,
  type ReadValue,
} from '@polytask/components';
import { missingBin, type Bins } from '../bins/binned-columns.ts';
import { savedObjective, type SavedObjective } from '../objectives/objectives.ts';
import { addBin, hasBin, WORDS, type Tree } from '../trees/tree.ts';

export interface BoostingParts {
  readonly saved: SavedObjective;
  /** The columns, in the order of the trees' column numbers. */
  readonly bins: readonly Bins[];
  /** The constant scores: [scores]. */
  readonly start: readonly number[];
  readonly trees: readonly Tree[];
  readonly validationLoss?: readonly number[] | undefined;
}

const FORMAT = 'polytask-boosting';
const VERSION = 1;

/** A list of categories, all texts or all integers, without repetition. */
const categories = custom<readonly (number | string)[]>((value, where) => {
  const isOfTexts = Array.isArray(value) && typeof value[0] === 'string';
  const list = listOf<Option<number | string>>(isOfTexts ? string : wholeNumber()).read(value, where);
  if (new Set(list).size < list.length || list.length > 255)
    fail({
      expected: `at most 255 different categories for ${where}`,
      received: String(list.length),
      fix: 'Save the model anew.',
    });
});

const ascending = custom<readonly number[]>((value, where) => {
  const list = listOf(number()).read(value, where);
  if (list.length >= 255 || list.some((each, i) => i > 0 && each <= list[i - 1]!))
    fail({
      expected: `fewer than 255 ascending numbers for ${where}`,
      received: `${list.length} others`,
      fix: 'Save the model anew.',
    });
});

/** `left`: the last bin of numbers that goes left, or the indices of the categories that do. `missing`: whether missing values go left. */
const savedTree = shaped({
  column: listOf(wholeNumber()),
  left: listOf(either(wholeNumber(), listOf(wholeNumber()))),
  missing: listOf(oneOf(0, 1)),
  children: listOf(number({ whole: true })),
  gain: listOf(number()),
  value: listOf(number(), 1),
  count: listOf(wholeNumber(), 1),
});
type SavedTree = ReadValue<typeof savedTree>;

const document = shaped({
  format: oneOf(FORMAT),
  version: oneOf(VERSION),
  ...savedObjective,
  columns: listOf(shaped({ name: text, thresholds: optional(ascending), categories: optional(categories) }), 1),
  start: listOf(number(), 1),
  trees: listOf(savedTree),
  validationLoss: optional(listOf(number())),
});

export type BoostingDocument = ReadValue<typeof document>;

export const documentOf = ({ saved, bins, start, trees, validationLoss }: BoostingParts): BoostingDocument => ({
  format: FORMAT,
  version: VERSION,
  ...saved,
  columns: bins.map((column) =>
    'thresholds' in column
      ? { name: column.name, thresholds: [...column.thresholds] }
      : { name: column.name, categories: [...column.categories] },
  ),
  start: [...start],
  trees: trees.map((tree) => treeDocument(tree, bins)),
  ...(validationLoss && { validationLoss: [...validationLoss] }),
});

function treeDocument({ column, left, children, gain, value, count }: Tree, bins: readonly Bins[]): SavedTree {
  const splits = Array.from(column, (c, node) => {
    const missing = missingBin(bins[c]!);
    const lefts = Array.from({ length: missing }, (_, bin) => bin).filter((bin) => hasBin(left, node * WORDS, bin));
    return {
      left: 'thresholds' in bins[c]! ? lefts.length - 1 : lefts,
      missing: hasBin(left, node * WORDS, missing) ? (1 as const) : (0 as const),
    };
  });
  return {
    ...{ column: [...column], children: [...children], gain: [...gain], value: [...value], count: [...count] },
    left: splits.map((split) => split.left),
    missing: splits.map((split) => split.missing),
  };
}

/** @throws PolytaskError when a value is missing, unknown or doesn't fit the others */
export function partsOf(value: unknown): BoostingParts {
  const read = readDocument(document, value, 'The boosting model');
  const { objective, alpha, tweedieVariancePower, columns, start, trees, validationLoss } = read;
  const saved = {
    objective,
    ...(alpha !== undefined && { alpha }),
    ...(tweedieVariancePower !== undefined && { tweedieVariancePower }),
  };
  const bins = columns.map(({ name, thresholds, categories }): Bins => {
    if (thresholds && !categories) return { name, thresholds: Float64Array.from(thresholds) };
    if (categories && !thresholds) return { name, categories };
    return refuse(`thresholds or categories of column "${name}"`);
  });
  if (new Set(columns.map(({ name }) => name)).size < columns.length) refuse('columns with different names');
  const isOfSeveral = objective === 'multiclass' || (objective === 'custom' && start.length > 1);
  if (trees.length % start.length !== 0 || isOfSeveral !== start.length > 1)
    refuse('as many trees in a round as start has scores');
  const checked = trees.map((tree, t) => checkedTree(tree, bins, `trees[${t}]`));
  return { saved, bins, start, trees: checked, validationLoss };
}

function checkedTree(
  { column, left, missing, children, gain, value, count }: SavedTree,
  bins: readonly Bins[],
  where: string,
): Tree {
  const splits = column.length;
  const lengths = [left.length, missing.length, gain.length, children.length / 2, value.length - 1, count.length - 1];
  if (lengths.some((length) => length !== splits)) refuse(`lists of the same number of splits in ${where}`);
  // Each split but the first, and each leaf, has one parent, which comes before it: so there is no circle.
  const named = new Set(children);
  const known = children.every((child, i) => (child < 0 ? ~child < value.length : child > i >> 1 && child < splits));
  if (named.size < children.length || !known) refuse(`a tree in ${where}.children`);
  const sets = new Uint32Array(splits * WORDS);
  column.forEach((c, node) => {
    const own = bins[c] ?? refuse(`a column of the model in ${where}.column[${node}]`);
    const count = missingBin(own);
    const split = left[node]!;
    const lefts = typeof split === 'number' ? Array.from({ length: split + 1 }, (_, bin) => bin) : split;
    if ((typeof split === 'object') !== 'categories' in own || lefts.some((bin) => bin >= count))
      refuse(`bins of column "${own.name}" in ${where}.left[${node}]`);
    for (const bin of lefts) addBin(sets, node * WORDS, bin);
    if (missing[node]) addBin(sets, node * WORDS, count);
  });
  return {
    column: Int32Array.from(column),
    left: sets,
    children: Int32Array.from(children),
    gain: Float64Array.from(gain),
    value: Float64Array.from(value),
    count: Uint32Array.from(count),
  };
}

const refuse = (expected: string): never => {
  throw new PolytaskError(`The boosting model was changed after it was written. Expected ${expected}. Save it anew.`);
};
