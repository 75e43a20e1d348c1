import type { Trace } from '@polytask/compile';
import {
  checks,
  fail,
  multiTaskModel,
  type MultiTaskModel,
  type Options,
  type Schema,
  suggestion,
  type Tasks,
} from '@polytask/core';
import { traceModel } from '@polytask/graphs';
import type { ModelSize } from '../models/model-row.ts';
import { type ModelVariant, partsOf } from '../models/model-variant.ts';

/** What is the same for all models of a table: their widths are chosen so that it is. */
export interface Match {
  readonly by: 'parameters' | 'multiply-adds';
  /** How many; or the model of the table whose number it is, at the table's size. */
  readonly to: number | string;
}

export const matchOptions: Options<Match> = {
  by: checks.oneOf('parameters', 'multiply-adds'),
  to: (value, where) => {
    if (typeof value !== 'string') checks.wholeNumber(1)(value, where);
  },
};

/** A table's budget. */
export interface Budget {
  readonly size: ModelSize;
  readonly match: Match;
  /** Of the rows that models are to read. */
  readonly schema: Schema;
  /** The models that `match.to` may name. */
  readonly candidates: readonly ModelVariant[];
}

/**
 * The size of each model of a table: the table's own, each model's changes on top, and its levels as wide as the budget
 * asks for. A model whose cost doesn't depend on widths stays as it is.
 *
 * @throws PolytaskError when the model of the budget isn't one of the candidates
 */
export function matchedSizes(
  models: readonly ModelVariant[],
  { size, match, schema, candidates }: Budget,
): ModelSize[] {
  const sizeOf = (variant: ModelVariant): ModelSize => ({ ...size, ...variant.size });
  const cost = (variant: ModelVariant, levels: readonly number[]) =>
    costOf(variant, { ...sizeOf(variant), levels }, match.by, schema);
  const target =
    typeof match.to === 'number'
      ? match.to
      : targetOf(match.to, candidates, (variant) => cost(variant, sizeOf(variant).levels));
  return models.map((variant) => {
    const own = sizeOf(variant);
    return { ...own, levels: matchWidths(own.levels, target, (levels) => cost(variant, levels)) };
  });
}

function targetOf(label: string, candidates: readonly ModelVariant[], cost: (variant: ModelVariant) => number): number {
  const found = candidates.find((each) => each.label === label);
  if (found) return cost(found);
  return fail({
    expected: 'a model of the suite for its budget to match',
    received: `"${label}"`,
    mend: suggestion(
      label,
      candidates.map((each) => each.label),
    ),
  });
}

function costOf(variant: ModelVariant, size: ModelSize, by: Match['by'], schema: Schema): number {
  const alone: ModelVariant = { ...variant, size: {} }; // its size is the one that is tried
  const model = multiTaskModel({ schema, ...partsOf(alone, size, Object.keys(schema.tasks)), seed: 0 });
  try {
    return by === 'parameters' ? model.parameterCount : multiplyAdds(model);
  } finally {
    model.dispose();
  }
}

/** Widths beyond which no budget is sought. */
const WIDEST = 1 << 14;

/**
 * The widths, in the proportions that were given, whose cost comes nearest to a target; the narrower ones where two are as
 * near.
 *
 * @param levels widths, level by level
 * @param cost of widths; it must not fall when they grow
 * @returns the widths as they were, where they don't matter to the cost
 * @example matchWidths([128, 64], 1000, ([a, b]) => 10 * a + a * b); // [36, 18]: 360 + 648
 */
export function matchWidths(
  levels: readonly number[],
  target: number,
  cost: (levels: readonly number[]) => number,
): readonly number[] {
  const first = levels[0]!;
  const at = (width: number) => levels.map((level) => Math.max(1, Math.round((level * width) / first)));
  const costs = new Map<number, number>();
  const costAt = (width: number) => {
    const value = costs.get(width) ?? cost(at(width));
    costs.set(width, value);
    return value;
  };
  if (costAt(1) === costAt(2)) return levels;
  let [low, high] = [1, 2];
  while (costAt(high) < target && high < WIDEST) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (costAt(middle) < target) low = middle;
    else high = middle;
  }
  return at(target - costAt(low) <= costAt(high) - target ? low : high);
}

/** Two sizes of a batch: what they differ by is what a row costs, whatever is done once a batch. */
const ROWS = [3, 4] as const;

/**
 * The multiply-adds that a model's matrix products take for one row, from features to logits: for each product in its
 * traced graph, the numbers in the result times the length of the sums. Looking embeddings up, activations, and whatever is
 * done number by number cost none.
 *
 * @throws CompileError when the model does what can't be traced
 */
export function multiplyAdds<T extends Tasks>(model: MultiTaskModel<T>): number {
  const forward = (rows: number) =>
    traceModel(model, ({ batch }) => model.forward(batch).logits, { rows, labeled: false });
  const [fewer, more] = ROWS.map((rows) => productsOf(forward(rows).recorded.graph)) as [number, number];
  return more - fewer;
}

const productsOf = ({ nodes }: Trace['graph']): number =>
  nodes
    .filter(({ op }) => op === 'MatMul')
    .reduce((sum, { inputs, outputs }) => {
      const [left] = inputs;
      const length = left && 'shape' in left ? left.shape.at(-1)! : 0;
      return sum + length * outputs[0]!.shape.reduce((product, side) => product * side, 1);
    }, 0);
