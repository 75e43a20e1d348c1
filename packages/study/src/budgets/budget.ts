import type { Trace } from '@polytask/compile';
import { either, type FromDescription, notKnown, oneOf, string, wholeNumber, type Written } from '@polytask/components';
import { type MultiTaskModel, multiTaskModel, type Schema, type Tasks } from '@polytask/core';
import { traceModel } from '@polytask/graphs';
import type { ModelSize } from '../models/models.ts';
import { type ModelVariant, partsOf } from '../models/model-variant.ts';

/** The cost that all models of a table have in common. It determines the widths of their levels. */
export const matchOptions = {
  by: oneOf('parameters', 'multiply-adds'),
  /** The cost, or the model of the table that has this cost at the table's size. */
  to: either(wholeNumber(1), string),
};

export interface Match extends Written<typeof matchOptions>, FromDescription {}

interface Budget {
  readonly size: ModelSize;
  readonly match: Match;
  readonly schema: Schema;
  /** The models that `match.to` may name. */
  readonly candidates: readonly ModelVariant[];
}

/** The size of each model of a table, with levels that match the budget. A model whose cost doesn't depend on widths keeps its levels. */
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
  const candidate = candidates.find((each) => each.label === label);
  if (candidate) return cost(candidate);
  const labels = candidates.map((each) => each.label);
  return notKnown(label, labels, 'a model of the suite for its budget to match');
}

function costOf(variant: ModelVariant, size: ModelSize, by: Match['by'], schema: Schema): number {
  const alone: ModelVariant = { ...variant, size: {} }; // `size` has the model's own changes already
  const parts = partsOf(alone, size, Object.keys(schema.tasks), schema.context);
  const model = multiTaskModel({ schema, ...parts, seed: 0 });
  try {
    return by === 'parameters' ? model.parameterCount : multiplyAdds(model);
  } finally {
    model.dispose();
  }
}

const WIDEST = 1 << 14;

/** Scales the widths of levels so that their cost comes nearest to a target; of two equally near, the narrower. */
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

/** Two batch sizes. The difference of their costs is the cost of one row, without the cost of a batch. */
const ROWS = [3, 4] as const;

/**
 * The multiply-adds of a model's matrix products for one row, from features to logits. Lookups and elementwise operations count as 0.
 * @throws CompileError when the model can't be traced
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
    .reduce((sum, { inputs: [left], outputs }) => {
      const length = left && 'shape' in left ? left.shape.at(-1)! : 0;
      return sum + length * outputs[0]!.shape.reduce((product, side) => product * side, 1);
    }, 0);
