import type { EncodedTable } from '../examples/encoded-table.ts';
import type { DataWarning, PartName } from './warnings.ts';

/**
 * The classes of each task that a part has no row of: metrics there aren't defined (an AUC needs both), and what the training
 * rows lack can't be learned. Parts without any row aren't looked at.
 *
 * @example missingClasses('test', test) // [{ kind: 'missing-class', task: 'like', part: 'test', class: 'yes', message: … }]
 */
export function missingClasses(part: PartName, { schema, arrays }: EncodedTable): DataWarning[] {
  if (arrays.size === 0) return [];
  return Object.entries(schema.tasks).flatMap(([task, declared]): DataWarning[] => {
    const [labels, weights] = [arrays.labels[task]!, arrays.weights[task]!];
    const seen = new Set<number>();
    for (let row = 0; row < arrays.size; row++) if (weights[row]! > 0) seen.add(labels[row]!);
    if (seen.size === 0)
      return [
        {
          kind: 'missing-class',
          task,
          part,
          class: undefined,
          message: `The ${part} rows have no label of task "${task}".`,
        },
      ];
    if (declared.kind === 'regression') return [];
    const classes = declared.kind === 'binary' ? ['no', 'yes'] : (declared.classes ?? []);
    return classes.flatMap((name, index) =>
      seen.has(index)
        ? []
        : [
            {
              kind: 'missing-class',
              task,
              part,
              class: name,
              message: `The ${part} rows have no row of class "${name}" of task "${task}".`,
            },
          ],
    );
  });
}
