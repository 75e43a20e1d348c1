import { labelsOf, labelOf } from '@polytask/core';
import { labelTypeOf } from '../labels/index.ts';
import type { EncodedTable } from '../examples/encoded-table.ts';
import type { DataWarning, PartName } from './warnings.ts';

/**
 * Finds the classes and labels without a row in a part. There a metric such as AUC is not defined, and a model can't learn a class without
 * training rows. A part without rows gives no warning.
 *
 * @param part the name of the part, and then its rows
 * @example missingClasses('test', test) // [{ kind: 'missing-class', task: 'like', part: 'test', class: 'yes', message: … }]
 */
export function missingClasses(part: PartName, { schema, arrays }: EncodedTable): DataWarning[] {
  if (arrays.size === 0) return [];
  return Object.entries(schema.tasks).flatMap(([task, declared]): DataWarning[] => {
    const { labels, weights } = labelsOf(arrays, task);
    const present = new Set(labels.filter((_, row) => weights[row]! > 0));
    const warning = (missing: string | undefined, what: string, more = ''): DataWarning => {
      const message = `The ${part} rows have no ${what} of task "${task}"${more}.`;
      return { kind: 'missing-class', task, part, class: missing, message };
    };
    if (present.size === 0) return [warning(undefined, 'label')];
    const label = labelOf(declared);
    const missing = labelTypeOf(label).missing(label, [...present]);
    return missing.map(({ name, what, more }) => warning(name, what, more));
  });
}
