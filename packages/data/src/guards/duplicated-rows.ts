import { fail, layoutOf, batchArrays, type Examples, type Batch } from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import type { DataWarning, PartName } from './warnings.ts';

/**
 * Rows of a part that stand in another part too, with the same features and the same labels: a score on them tells what was
 * remembered. Rows are compared by a hash of 53 bits of what the model reads. Where features are few and coarse, different
 * people may well have the same row. Which rows have known features, whatever their labels, `rowsSeen` says.
 *
 * @returns no warning, or one
 * @example duplicatedRows(['test', test], ['train', train])
 */
export function duplicatedRows(
  [part, rows]: readonly [PartName, EncodedTable],
  [other, others]: readonly [PartName, EncodedTable],
): DataWarning[] {
  if (rows.size === 0 || others.size === 0) return [];
  const tasks = Object.keys(rows.schema.tasks);
  const known = new Set(rowHashes(others, tasks));
  const count = rowHashes(rows, tasks).reduce((sum, hash) => sum + Number(known.has(hash)), 0);
  if (count === 0) return [];
  const share = count / rows.size;
  return [
    {
      kind: 'duplicated-rows',
      ...{ part, other, rows: count, share },
      message: `${count} of ${rows.size} ${part} rows (${(100 * share).toFixed(1)}%) stand among the ${other} rows too, features and labels alike.`,
    },
  ];
}

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

/** Rows that are read at once. */
const ROWS = 8192;

/**
 * A hash of 53 bits of each row: of what a model reads and, if they are asked for, of its labels with their weights. Rows of
 * one schema with equal numbers have equal hashes; two others share one with probability 2^−53.
 *
 * @param tasks whose labels count
 */
export function rowHashes(rows: Examples, tasks: readonly string[] = []): Float64Array {
  const hashes = new Float64Array(rows.size);
  for (let from = 0; from < rows.size; from += ROWS) {
    const numbers = Uint32Array.from({ length: Math.min(ROWS, rows.size - from) }, (_, i) => from + i);
    hashes.set(hashesOf(rows.batch(numbers), rows, tasks), from);
  }
  return hashes;
}

function hashesOf(batch: Batch, { schema }: Pick<Examples, 'schema'>, tasks: readonly string[]): Float64Array {
  const columns = batchArrays(layoutOf(schema), tasks).map(({ width, of }) => ({ width, words: wordsOf(of(batch)!) }));
  return Float64Array.from({ length: batch.size }, (_, row) => {
    let [a, b] = [0x811c9dc5, 0x9e3779b9];
    for (const { words, width } of columns) {
      for (let at = row * width; at < (row + 1) * width; at++) {
        a = joined(a, words[at]!, 0xcc9e2d51, 15, 0x1b873593);
        b = joined(b, words[at]!, 0x239b961b, 16, 0xab0e9789);
      }
    }
    return mixed(a) * 2 ** 21 + (mixed(b) & 0x1fffff);
  });
}

/**
 * MurmurHash3 (Appleby), a step of its form for 32 bits, with constants of that and of the next form. It stirs a word before
 * it is joined: the bits of a float that is a small whole number are all at the word's upper end.
 */
function joined(hash: number, word: number, before: number, turn: number, after: number): number {
  const stirred = Math.imul(word, before);
  const next = hash ^ Math.imul((stirred << turn) | (stirred >>> (32 - turn)), after);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** Its last step: each bit of the hash comes to depend on each. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const wordsOf = (array: Float32Array | Int32Array): Uint32Array =>
  new Uint32Array(array.buffer, array.byteOffset, array.length);
