import { sum } from '@polytask/components';
import { labelOf, type Tasks } from '@polytask/core';
import { type ColumnRows, columnIn, gatherColumns, withoutUnusedTexts } from '../columns/columns.ts';
import { drawsOf } from '../statistics/draws.ts';
import { labelColumns } from '../statistics/label-values.ts';
import type { LabeledSample } from '../statistics/statistics.ts';
import { labelParts, labelReader } from '../labels/index.ts';

/** The most rows of a sample. */
const ROWS = 20_000;

type Part = ColumnRows & { readonly draws: Float64Array };

/** Takes at most 20,000 rows at random from tables that come one after the other. It takes the same rows of one table or of several. */
export class RowSample {
  readonly #draw = drawsOf(0);
  /** Rows with a greater draw are left out. */
  #bound = 1;
  #parts: Part[] = [];

  add(table: ColumnRows, rows: ArrayLike<number>): void {
    const draws = Float64Array.from(rows, this.#draw);
    this.#parts.push(this.#below({ ...table, draws }, (i) => rows[i]!));
    while (sum(this.#parts, ({ draws }) => draws.length) > ROWS) {
      this.#bound /= 2;
      this.#parts = this.#parts.map((part) => this.#below(part, (i) => i));
    }
  }

  /** @param tasks fitted ones */
  labeled(tasks: Tasks): LabeledSample {
    const parts = this.#parts;
    return {
      numbers: (column) => Float64Array.from(parts.flatMap((part) => [...columnIn(part, 'numbers', column)])),
      labels: Object.entries(tasks).flatMap(([name, task]) => {
        const labels = parts.flatMap((part) =>
          Array.from({ length: part.size }, (_, row) => row).map(labelReader(part, name, task)),
        );
        return labelParts(labelOf(task)).flatMap(({ type, valueOf }) =>
          labelColumns({ type, values: labels.map(valueOf) }),
        );
      }),
    };
  }

  #below({ draws, where, columns }: Part, rowOf: (i: number) => number): Part {
    const kept = Uint32Array.from([...draws.keys()].filter((i) => draws[i]! < this.#bound));
    const rows = kept.map(rowOf);
    return {
      size: rows.length,
      columns: withoutUnusedTexts(gatherColumns({ ...columns, vectors: {} }, rows)), // no label is a vector
      where: (row) => where(rows[row]!),
      draws: Float64Array.from(kept, (i) => draws[i]!),
    };
  }
}
