import { layoutOf, type Batch, type Layout } from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import type { DataWarning, PartName } from './warnings.ts';

/**
 * Rows of a part that stand in another part too, with the same features and the same labels: a score on them tells what was
 * remembered. Rows are compared by a hash of 53 bits of what the model reads. Where features are few and coarse, different
 * people may well have the same row.
 *
 * @returns no warning, or one
 * @example duplicatedRows(['test', test], ['train', train])
 */
export function duplicatedRows([part, rows]: readonly [PartName, EncodedTable], [other, others]: readonly [PartName, EncodedTable]): DataWarning[] {
  if (rows.size === 0 || others.size === 0) return [];
  const layout = layoutOf(rows.schema);
  const tasks = Object.keys(rows.schema.tasks);
  const known = new Set(hashes(others.arrays, layout, tasks));
  const count = hashes(rows.arrays, layout, tasks).reduce((sum, hash) => sum + Number(known.has(hash)), 0);
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

/** FNV-1a over the 32-bit words of each row, twice with different starts; 53 bits of both. */
function hashes(arrays: Batch, layout: Layout, tasks: readonly string[]): Float64Array {
  const columns = [
    { words: wordsOf(arrays.numeric), width: layout.numeric },
    { words: wordsOf(arrays.ids), width: layout.fields },
    { words: wordsOf(arrays.bagIds), width: layout.slots },
    { words: wordsOf(arrays.bagWeights), width: layout.slots },
    ...tasks.flatMap((task) => [
      { words: wordsOf(arrays.labels[task]!), width: 1 },
      { words: wordsOf(arrays.weights[task]!), width: 1 },
    ]),
  ];
  return Float64Array.from({ length: arrays.size }, (_, row) => {
    let [a, b] = [0x811c9dc5, 0x9e3779b9];
    for (const { words, width } of columns) {
      for (let at = row * width; at < (row + 1) * width; at++) {
        a = Math.imul(a ^ words[at]!, 0x01000193);
        b = Math.imul(b ^ (words[at]! >>> 7) ^ (words[at]! << 25), 0x01000193) ^ (b >>> 15);
      }
    }
    return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff);
  });
}

const wordsOf = (array: Float32Array | Int32Array): Uint32Array => new Uint32Array(array.buffer, array.byteOffset, array.length);
