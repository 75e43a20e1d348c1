import { defineFinding, type Finding } from '@polytask/components';
import type { EncodedTable } from '../examples/encoded-table.ts';
import type { PartName, Parts } from '../fitting/row-split.ts';
import type { Table } from '../table/table.ts';
import { duplicatedRows } from './duplicated-rows.ts';
import { leaks } from './leaks.ts';
import { outliers } from './outliers.ts';
import { countedAsNo, positiveSpellings } from './positive-spellings.ts';
import { shiftedValues } from './shifted-values.ts';
import { unseenValues } from './unseen-values.ts';
import { labelsOf, labelOf } from '@polytask/core';
import { type MissingClasses, readingOf } from '../labels/index.ts';

/** `classes`: empty for a part without any label of the task. `what` and `more` name them in the words of their label. */
const missingClass = /* @__PURE__ */ defineFinding<'task' | 'part', MissingClasses>('missing-class', {
  says: ({ task, part, what, more = '' }) => `The ${part} rows have no ${what} of task "${task}"${more}.`,
});

/**
 * Finds the classes and labels without a row in a part. There a metric such as AUC is not defined, and a model can't learn a class without
 * training rows. A part without rows gives no warning.
 *
 * @param part the name of the part, and then its rows
 * @example missingClasses('test', test) // [{ kind: 'missing-class', about: { task: 'like', part: 'test' }, evidence: { classes: ['yes'], … }, … }]
 */
export function missingClasses(part: PartName, { schema, arrays }: EncodedTable): Finding[] {
  if (arrays.size === 0) return [];
  return Object.entries(schema.tasks).flatMap(([task, declared]): Finding[] => {
    const { labels, weights } = labelsOf(arrays, task);
    const present = new Set(labels.filter((_, row) => weights[row]! > 0));
    const about = { task, part };
    if (present.size === 0) return [missingClass(about, { classes: [], what: 'label' })];
    const label = labelOf(declared);
    const missing = readingOf(label).missing?.(label, [...present]);
    return missing && missing.classes.length > 0 ? [missingClass(about, missing)] : [];
  });
}

/**
 * Looks for errors that make a comparison worthless. They are a label among the features, rows in two parts, a part without a class
 * or with other values, and a row with nearly all the variance of a feature. The data stay as they are.
 *
 * @param raw the raw rows of the parts. With them, features that together tell a label are found, too, and values of a part that the
 * training rows lack or spell otherwise. The messages on outliers name their source
 * @returns the findings; none for data without such errors
 * @example for (const { message } of inspect(split(table, { test: 0.1 }))) console.warn(message);
 */
export function inspect(parts: Parts<EncodedTable>, raw?: Parts<Table>): Finding[] {
  const { train } = parts;
  const held = ['validation', 'test'] as const;
  const unseen = raw ? held.flatMap((part) => unseenValues([part, raw[part]], raw.train)) : [];
  const isNew = ({ about }: Finding) =>
    !unseen.some((other) => other.about.column === about.column && other.about.part === about.part);
  return [
    ...leaks(train),
    ...outliers(raw?.train ?? train),
    ...unseen,
    ...held.flatMap((part) => shiftedValues([part, parts[part]], train)).filter(isNew),
    ...held.flatMap((part) => duplicatedRows([part, parts[part]], train)),
    ...(raw ? [...positiveSpellings(['train', raw.train]), ...countedAsNo(raw.train)] : []),
    ...(raw ? held.flatMap((part) => positiveSpellings([part, raw[part]], raw.train)) : []),
    ...(['train', ...held] as const).flatMap((part) => missingClasses(part, parts[part])),
  ];
}
