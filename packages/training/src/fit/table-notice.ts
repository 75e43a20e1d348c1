import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { Recipe } from '../engine.ts';
import { optimizerRule } from '../optimizers/optimizer.ts';

/**
 * The line that says which tables are trained by rows by default, and what that means for the optimizer.
 *
 * @returns undefined when there is no such table, or the model's declaration asks for it
 */
export function tableNotice<T extends Tasks>(
  { store, config }: Pick<MultiTaskModel<T>, 'store' | 'config'>,
  { optimizer, tableOptimizer = optimizer }: Pick<Recipe, 'optimizer' | 'tableOptimizer'>,
): string | undefined {
  const tables = store.tables();
  const { update } = (config.input?.config ?? {}) as { readonly update?: unknown };
  if (tables.length === 0 || update !== undefined) return undefined;
  const names = tables.map(({ name, rows, dimension }) => `${name} (${rows.toLocaleString('en-US')} × ${dimension})`);
  const rule = optimizerRule(tableOptimizer);
  const meaning = rule.isExactByRows?.(tableOptimizer)
    ? 'which equals dense training but for rounding'
    : 'which differs a little from dense training';
  return (
    `Training ${names.join(', ')} by rows: ${tableOptimizer.kind} updates the rows of a batch alone, ${meaning}. ` +
    "Choose with input: embed({ update: 'dense' or 'sparse' })."
  );
}
