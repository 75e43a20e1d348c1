import { fail, layoutOf, type Examples } from '@polytask/core';
import { rowHashes } from './row-hashes.ts';

/**
 * Which rows have features that occur among other rows, whatever the labels of both. What a model says of them it may
 * remember. Rows are compared by a hash of 53 bits of what the model reads: two values that are both outside of a vocabulary
 * are the same to it.
 *
 * @param others rows of the same features, encoded alike: by the same schema
 * @returns [rows.size], 1 for a row that occurs among the others, 0 for one that doesn't
 * @throws PolytaskError when rows and others have different columns
 * @example
 * const seen = rowsSeen(test, train);
 * const unseen = test.subset([...seen.keys()].filter((row) => seen[row] === 0));
 */
export function rowsSeen(rows: Examples, others: Examples): Uint8Array {
  const [own, known] = [columnsOf(rows), columnsOf(others)];
  if (own !== known) {
    fail({
      expected: `rows with the columns of the others, ${known}`,
      received: own,
      mend: 'Encode both by one schema: encode(table, train.schema).',
    });
  }
  const hashes = new Set(rowHashes(others));
  return Uint8Array.from(rowHashes(rows), (hash) => Number(hashes.has(hash)));
}

function columnsOf({ schema }: Examples): string {
  const { numeric, fields, slots, vocabulary } = layoutOf(schema);
  return `${numeric} of numbers, ${fields} of ids and ${slots} slots, with ${vocabulary} embedding rows`;
}
