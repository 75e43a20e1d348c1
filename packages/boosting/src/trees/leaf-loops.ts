import { memoized } from '@polytask/components';
import { firstCell, TILE, type BinnedColumns } from '../bins/binned-columns.ts';
import { LEAF_LOOPS } from './leaf-loops-wasm.ts';
import { SUMS, type BinnedColumn, type Histogram } from './histogram.ts';

/** The derivatives of the loss by one score of each row: [rows]. */
export interface Derivatives {
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
}

export interface LeafLoopsOf {
  readonly binned: BinnedColumns;
  readonly columns: readonly BinnedColumn[];
  readonly derivatives: readonly Derivatives[];
  /** How many histograms are used at once at most. */
  readonly histograms: number;
}

/** What the growth of a tree does row by row. Both implementations give the same bits. */
export interface LeafLoops {
  /** The rows of the table, sorted by leaf: [rows]. */
  readonly rows: Uint32Array;
  /** A new histogram, or one that `free` got. */
  histogram(): Histogram;
  free(histogram: Histogram): void;
  /** Replaces the sums by those of `rows[start]` to `rows[end − 1]`. @param output an index of `derivatives` */
  fill(sums: Histogram, output: number, start: number, end: number): void;
  /** Moves the rows that go left before the others, both in their order. @param goesLeft [256 bins], 1 or 0 @returns where the others begin */
  partition(start: number, end: number, column: number, goesLeft: Uint8Array): number;
}

/** The loops for one tree: in WebAssembly with vector instructions where possible. */
export const leafLoops = (of: LeafLoopsOf): LeafLoops => loopsInWebAssembly(of) ?? loopsInJavaScript(of);

const sizeOf = ({ columns }: LeafLoopsOf): number => {
  const { first, missing } = columns.at(-1)!;
  return (first + missing + 1) * SUMS;
};

/** @internal */
export function loopsInJavaScript(of: LeafLoopsOf): LeafLoops {
  const { binned, columns, derivatives } = of;
  const [{ table }, width, size] = [binned, columns.length, sizeOf(of)];
  const firsts = Uint32Array.from(columns, ({ first }) => first);
  const [rows, right] = [new Uint32Array(binned.rows), new Uint32Array(binned.rows)];
  return {
    rows,
    ...pool(() => new Float64Array(size)),
    fill(sums, output, start, end) {
      const { gradients, hessians } = derivatives[output]!;
      sums.fill(0);
      for (let i = start; i < end; i++) {
        const row = rows[i]!;
        const [gradient, hessian] = [gradients[row]!, hessians[row]!];
        for (let c = 0, cell = firstCell(row, width); c < width; c++, cell += TILE) {
          const at = (firsts[c]! + table[cell]!) * SUMS;
          sums[at]! += gradient;
          sums[at + 1]! += hessian;
          sums[at + 2]! += 1;
        }
      }
    },
    partition(start, end, column, goesLeft) {
      let [lefts, rights] = [start, 0];
      for (let i = start; i < end; i++) {
        const row = rows[i]!;
        if (goesLeft[table[firstCell(row, width) + column * TILE]!]) rows[lefts++] = row;
        else right[rights++] = row;
      }
      rows.set(right.subarray(0, rights), lefts);
      return lefts;
    },
  };
}

function pool(create: () => Histogram): Pick<LeafLoops, 'histogram' | 'free'> {
  const free: Histogram[] = [];
  return { histogram: () => free.pop() ?? create(), free: (histogram) => free.push(histogram) };
}

interface Kernel {
  addRows(...addresses: number[]): void;
  partition(...addresses: number[]): number;
}

let compiled: WebAssembly.Module | undefined;

/** The functions of leaf-loops.wat. */
const kernelIn = memoized((memory: WebAssembly.Memory) => {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(LEAF_LOOPS), (character) => character.charCodeAt(0)));
  return new WebAssembly.Instance(compiled, { host: { memory } }).exports as unknown as Kernel;
});

/** The memory has the table, and behind it the histograms and what the loops read and write for each row. */
function loopsInWebAssembly(of: LeafLoopsOf): LeafLoops | undefined {
  const { binned, columns, derivatives, histograms } = of;
  const [{ rows: count }, width, size] = [binned, columns.length, sizeOf(of)];
  let end = binned.table.length; // a multiple of 8
  const place = (bytes: number) => (end += bytes) - bytes;
  const sums = place(histograms * size * 8);
  const [firsts, rows, right] = [place(width * 4), place(count * 4), place(count * 4)];
  const places = derivatives.map(() => [place(count * 4), place(count * 4)] as const);
  const goes = place(256);
  let buffer: ArrayBuffer;
  let kernel: Kernel;
  try {
    const memory = binned.inMemory(end);
    [buffer, kernel] = [memory.buffer, kernelIn(memory)];
  } catch {
    return undefined; // no WebAssembly or vector instructions, more than 4 GB, or a page whose policy forbids compilation
  }
  new Uint32Array(buffer, firsts, width).set(columns.map(({ first }) => first * SUMS * 8));
  derivatives.forEach(({ gradients, hessians }, output) => {
    const [first, second] = places[output]!;
    new Float32Array(buffer, first, count).set(gradients);
    new Float32Array(buffer, second, count).set(hessians);
  });
  let used = 0;
  return {
    rows: new Uint32Array(buffer, rows, count),
    ...pool(() => new Float64Array(buffer, sums + 8 * size * used++, size)),
    fill(into, output, from, to) {
      into.fill(0);
      kernel.addRows(0, width, firsts, rows + 4 * from, rows + 4 * to, ...places[output]!, into.byteOffset);
    },
    partition(from, to, column, goesLeft) {
      new Uint8Array(buffer, goes, 256).set(goesLeft);
      return (kernel.partition(column * TILE, width, rows + 4 * from, rows + 4 * to, right, goes) - rows) / 4;
    },
  };
}
