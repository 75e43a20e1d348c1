import { labelOf } from '@polytask/core';
import { columnIn } from '../columns/columns.ts';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import { describedTasks } from '../dataset/described-columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { type FeatureDeclaration, featureNeeds } from '../declarations/features.ts';
import { categorical, multiValued } from '../declarations/kinds.ts';
import { labelTypeOf } from '../labels/index.ts';
import type { TableSample } from '../sampling/table-sample.ts';
import type { Table } from '../table/table.ts';
import type { Description } from './description.ts';

/** How to read the columns of a sampled table whose texts are labels, as features. Undefined where the sample has all rows. */
export function labelsToRead({ dataset, sample }: Description): (Declaration & CsvFileOptions) | undefined {
  if (sample.rows === sample.total) return undefined;
  const features: Record<string, FeatureDeclaration> = {};
  for (const [name, task] of Object.entries(describedTasks(dataset.tasks, 'tasks'))) {
    const label = labelOf(task);
    const texts = labelTypeOf(label).texts?.(label);
    const separator = texts?.separator;
    if (texts) features[task.from ?? name] = separator === undefined ? categorical() : multiValued({ separator });
  }
  return Object.keys(features).length === 0 ? undefined : { ...dataset.csv, features, tasks: {} };
}

/** Collects the labels of all rows of such a table, for its sample: a class of few rows is often not in the sample. */
export function labelCollector({ features }: Declaration) {
  const found = new Map(Object.keys(features).map((name) => [name, new Set<string>()]));
  return {
    add(table: Table): void {
      for (const [name, texts] of found) {
        const { kind, key } = featureNeeds(name, features[name]!)[0]!;
        for (const text of columnIn(table, kind as 'texts' | 'lists', key).dictionary) texts.add(text);
      }
    },
    addedTo: (sample: TableSample): TableSample => ({
      ...sample,
      columns: sample.columns.map((column) => ({ ...column, further: [...(found.get(column.name) ?? [])] })),
    }),
  };
}
