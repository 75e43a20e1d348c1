import { checks, fail, multiTaskModel, suggestion, type Options, type Schema } from '@polytask/core';
import { partsOf, type ModelVariant } from '../models/model-variant.ts';
import type { ModelSize } from '../models/model-row.ts';
import { matchWidths } from './match-widths.ts';
import { multiplyAdds } from './multiply-adds.ts';

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
