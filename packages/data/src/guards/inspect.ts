import type { EncodedTable } from '../examples/encoded-table.ts';
import type { PartName, Parts } from '../fitting/row-split.ts';
import type { Table } from '../table/table.ts';
import { duplicatedRows } from './duplicated-rows.ts';
import { leaks } from './leaks.ts';
import { outliers } from './outliers.ts';
import { countedAsNo, positiveSpellings } from './positive-spellings.ts';
import { shiftedValues } from './shifted-values.ts';
import { unseenValues } from './unseen-values.ts';
import type { DataWarning } from './warnings.ts';
import { labelsOf, labelOf } from '@polytask/core';
import { readingOf } from '../labels/index.ts';

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
    const missing = readingOf(label).missing(label, [...present]);
    return missing.map(({ name, what, more }) => warning(name, what, more));
  });
}

/**
 * Looks for errors that make a comparison worthless. They are a label among the features, rows in two parts, a part without a class
 * or with other values, and a row with nearly all the variance of a feature. The data stay as they are.
 *
 * @param raw the raw rows of the parts. With them, features that together tell a label are found, too, and values of a part that the
 * training rows lack or spell otherwise. The messages on outliers name their source
 * @returns the warnings; none for data without such errors
 * @example for (const { message } of inspect(split(table, { test: 0.1 }))) console.warn(message);
 */
export function inspect(parts: Parts<EncodedTable>, raw?: Parts<Table>): DataWarning[] {
  const { train, validation, test } = parts;
  const held = ['validation', 'test'] as const;
  const unseen = raw ? held.flatMap((part) => unseenValues([part, raw[part]], raw.train)) : [];
  const isNew = (each: DataWarning) =>
    each.kind === 'shifted-values' &&
    !unseen.some(
      (other) => other.kind === 'unseen-values' && other.feature === each.feature && other.part === each.part,
    );
  return [
    ...leaks(train),
    ...outliers(raw?.train ?? train),
    ...unseen,
    ...held.flatMap((part) => shiftedValues([part, parts[part]], train)).filter(isNew),
    ...held.flatMap((part) => duplicatedRows([part, parts[part]], ['train', train])),
    ...duplicatedRows(['test', test], ['validation', validation]),
    ...(raw ? [...positiveSpellings(['train', raw.train]), ...countedAsNo(raw.train)] : []),
    ...(raw ? held.flatMap((part) => positiveSpellings([part, raw[part]], raw.train)) : []),
    ...(['train', ...held] as const).flatMap((part) => missingClasses(part, parts[part])),
  ];
}
