import { countsOf, defineFinding, type Finding, mean, sum } from '@polytask/components';
import { fail, layoutOf, batchArrays, type Examples } from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { RowHasher } from '../statistics/row-hasher.ts';
import type { PartName } from '../fitting/row-split.ts';

interface Duplicates {
  readonly count: number;
  readonly rows: number;
  /** How many would repeat by chance. */
  readonly expected: number;
}

const duplicated = /* @__PURE__ */ defineFinding<'part', Duplicates>('duplicated-rows', {
  says({ part, count, rows }) {
    const percent = `${((100 * count) / rows).toFixed(1)}%`;
    const duplicates = count === 1 ? 'is an exact duplicate' : 'are exact duplicates';
    return `${count} of ${rows} ${part} rows (${percent}) ${duplicates} of training rows.`;
  },
});

/** Up to so many times the rows that repeat by chance, duplicates are no finding: columns that depend on each other repeat more often. */
const BY_CHANCE = 2;

/**
 * Counts the rows of a part that are among the training rows, too, with the same features and labels. A model may remember them, so a score
 * on them says little. Rows are compared by a 53-bit hash of the model's inputs. Few and coarse columns repeat by chance: a finding has more
 * than twice the rows that would, if columns were independent of each other. Use {@link rowsSeen} for rows with the same features, whatever
 * their labels.
 *
 * @returns no warning, or one
 * @example duplicatedRows(['test', test], train)
 */
export function duplicatedRows([part, rows]: readonly [PartName, EncodedTable], train: EncodedTable): Finding[] {
  if (rows.size === 0 || train.size === 0) return [];
  const tasks = Object.keys(rows.schema.tasks);
  const hashes = new Set(rowHashes(train, tasks));
  const count = sum(rowHashes(rows, tasks), (hash) => Number(hashes.has(hash)));
  if (count === 0) return [];
  const expected = repeatedByChance(rows, train, tasks);
  return count > BY_CHANCE * expected ? [duplicated({ part }, { count, rows: rows.size, expected })] : [];
}

/** The most rows whose chance is computed, and the most training rows that give the shares of values. */
const [SOME, SOME_OTHERS] = [1000, 10_000];

/** How many of the rows would also be among the others, if the columns were independent: by the shares of their values in the others. */
function repeatedByChance(rows: EncodedTable, others: EncodedTable, tasks: readonly string[]): number {
  const [some, known] = [spaced(rows, SOME), spaced(others, SOME_OTHERS)];
  const alike = new Float64Array(some.size).fill(1); // the probability that one other row is the same
  for (const { width, of } of batchArrays(layoutOf(rows.schema), tasks)) {
    const [own, their] = [wordsOf(of(some)!), wordsOf(of(known)!)];
    for (let column = 0; column < width; column++) {
      const counts = countsOf(Uint32Array.from({ length: known.size }, (_, row) => their[row * width + column]!));
      for (let row = 0; row < some.size; row++)
        alike[row]! *= (counts.get(own[row * width + column]!) ?? 0) / known.size;
    }
  }
  return rows.size * mean(alike.map((each) => 1 - (1 - each) ** others.size));
}

const spaced = (rows: EncodedTable, most: number) => {
  const size = Math.min(most, rows.size);
  return rows.batch(Uint32Array.from({ length: size }, (_, i) => Math.floor((i * rows.size) / size)));
};

const wordsOf = ({ buffer, byteOffset, length }: ArrayBufferView & ArrayLike<number>) =>
  new Uint32Array(buffer, byteOffset, length);

/**
 * Finds the rows whose features occur among other rows, whatever the labels. A model may remember its predictions for such rows.
 * Rows are compared by a 53-bit hash of the model's inputs. Two values outside of a vocabulary are equal inputs.
 *
 * @param others rows encoded by the same schema
 * @returns one number for each row: 1 if the row occurs among the others, else 0
 * @throws PolytaskError when rows and others have different columns
 * @example
 * const seen = rowsSeen(test, train);
 * const unseen = test.subset([...seen.keys()].filter((row) => seen[row] === 0));
 */
export function rowsSeen(rows: Examples, others: Examples): Uint8Array {
  const [columns, otherColumns] = [columnsOf(rows), columnsOf(others)];
  if (columns !== otherColumns) {
    fail({
      expected: `rows with the columns of the others, ${otherColumns}`,
      received: columns,
      fix: 'Encode both by one schema: encode(table, train.schema).',
    });
  }
  const hashes = new Set(rowHashes(others));
  return Uint8Array.from(rowHashes(rows), (hash) => Number(hashes.has(hash)));
}

function columnsOf({ schema }: Examples): string {
  const { numeric, fields, slots, vocabulary } = layoutOf(schema);
  return `${numeric} of numbers, ${fields} of ids and ${slots} slots, with ${vocabulary} embedding rows`;
}

/** The number of rows to read at a time. */
const ROWS = 8192;

/**
 * A 53-bit hash of each row's inputs, and of its labels and weights for some tasks, [rows]. Equal rows of one schema have equal
 * hashes. Two different rows have the same hash with probability 2^−53.
 *
 * @param tasks whose labels and weights enter the hash
 */
export function rowHashes(rows: Examples, tasks: readonly string[] = []): Float64Array {
  const arrays = batchArrays(layoutOf(rows.schema), tasks);
  const hashes = new Float64Array(rows.size);
  for (let from = 0; from < rows.size; from += ROWS) {
    const indices = Uint32Array.from({ length: Math.min(ROWS, rows.size - from) }, (_, i) => from + i);
    const batch = rows.batch(indices);
    const hasher = new RowHasher(batch.size);
    for (const { width, of } of arrays) {
      hasher.add(wordsOf(of(batch)!), width);
    }
    hashes.set(hasher.finish(), from);
  }
  return hashes;
}
