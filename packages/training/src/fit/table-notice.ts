import type { EmbeddingTable, MultiTaskModel, Tasks } from '@polytask/core';
import type { Recipe } from '../engine.ts';
import { createOptimizer } from '../optimizers/optimizer.ts';

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
  const [{ name, rows, dimension }] = tables as [EmbeddingTable];
  const others = tables.length > 1 ? ` and ${tables.length - 1} more` : '';
  const isEqual = createOptimizer(tableOptimizer).isExactByRows;
  return (
    `${name} (${rows.toLocaleString('en-US')} × ${dimension})${others} trains by rows: with ${tableOptimizer.name} ` +
    `${isEqual ? 'equal to' : 'a little different from'} dense. Choose by embed({ update: 'dense' or 'sparse' }).`
  );
}
