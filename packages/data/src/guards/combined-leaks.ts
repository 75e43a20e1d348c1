import { labelOf } from '@polytask/core';
import { columnIn } from '../columns/columns.ts';
import { numberOf } from '../declarations/features.ts';
import { listed } from '../words/words.ts';
import { labelReader } from '../fitting/labels.ts';
import { type Table } from '../table/table.ts';
import { tellingCombination } from '../statistics/telling-combination.ts';
import type { DataWarning } from './warnings.ts';

/**
 * Finds numeric features that together tell the labels of a task, such as the parts of a total. It tries the sum, difference, product
 * and ratio of two features, and weighted sums of more. The guard {@link labelsAmongFeatures} looks at single features.
 * Tasks of other labels than numbers and yes or no are skipped.
 *
 * @param train the raw training rows
 * @example combinedLeaks(raw.train) // [{ kind: 'combined-leak', task: 'total', columns: ['repair', 'other'], score: 1, … }]
 */
export function combinedLeaks(train: Table): DataWarning[] {
  const columns = Object.entries(train.features).flatMap(([name, declared]) => {
    const number = numberOf(name, declared);
    return number ? [{ name, values: columnIn(train, 'numbers', number.column) }] : [];
  });
  return Object.entries(train.tasks).flatMap(([task, declared]): DataWarning[] => {
    const { type } = labelOf(declared);
    if ((type !== 'number' && type !== 'yes-no') || columns.length < 2) return [];
    const read = labelReader(train, task, declared);
    const labels = Float64Array.from({ length: train.size }, (_, row) => read(row));
    const found = tellingCombination(columns, labels, type === 'yes-no');
    if (!found) return [];
    const names = listed(found.columns.map((name) => `"${name}"`));
    const score = `(${found.score.toFixed(4)} of 1)`;
    const message = `Features ${names} together tell the labels of task "${task}", by ${found.how} ${score}. Is this a leak?`;
    return [{ kind: 'combined-leak', task, columns: found.columns, score: found.score, message }];
  });
}
