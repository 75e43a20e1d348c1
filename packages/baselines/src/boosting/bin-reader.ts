import type { BinnedColumns, Bins, Column } from '@polytask/boosting';
import { addTo, ranked } from '@polytask/components';
import { BATCH_PARTS, MISSING, sliceBatch, type Batch, type NetworkTraining } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { NO_THRESHOLD, binnedLayout, LISTED, numbersOf, type BinnedLayout } from './binned.ts';

type Model = NetworkTraining['model'];

const BLOCK = 8192;

export class BinReader {
  readonly maxBin: number;
  readonly #model: Model;
  readonly #columns: BinnedLayout;
  /** The codes of lists that have a column: [lists × 32]. */
  readonly #listed: Float32Array;

  /** @param listed the codes of lists that have a column */
  private constructor(model: Model, listed: (columns: BinnedLayout) => Float32Array) {
    this.#model = model;
    this.maxBin = (model.config.input!.config as { readonly maxBin: number }).maxBin;
    this.#columns = binnedLayout(model.layout);
    this.#listed = listed(this.#columns);
  }

  /** @param train the rows whose most frequent values of lists have a column */
  static of(model: Model, train: Batch): BinReader {
    return new BinReader(model, (columns) => frequentEntries(columns, train));
  }

  /** With the bins of a trained model, and those bins. */
  static async continuing(model: Model): Promise<{ reader: BinReader; bins: Bins[] }> {
    const valuesOf = async (name: string) =>
      model.store.has(name) ? ((await model.store.get(name).variable.data()) as Float32Array) : new Float32Array();
    const [listed, thresholds, places] = [
      await valuesOf('input.listed'),
      await valuesOf('input.thresholds'),
      await valuesOf('input.bins'),
    ];
    const reader = new BinReader(model, () => listed);
    const { numbers, ids } = reader.#columns;
    const each = thresholds.length / numbers;
    let first = 0;
    return {
      reader,
      bins: [
        ...Array.from({ length: numbers }, (_, c) => ({
          name: `number ${c}`,
          thresholds: Float64Array.from(thresholds.subarray(c * each, (c + 1) * each)).filter(
            (value) => value < NO_THRESHOLD,
          ),
        })),
        ...ids.map(({ size, part }, i) => {
          const codes = places.subarray(first, (first += size));
          const last = Math.max(...new Set(codes));
          const isShared = codes.indexOf(last) < codes.lastIndexOf(last); // by values without a bin
          const missing = part === 'ids' ? codes[MISSING]! : isShared ? last : Infinity;
          const categories: number[] = [];
          codes.forEach((bin, code) => bin < missing && (categories[bin] ??= code));
          return { name: `id ${i}`, categories };
        }),
      ],
    };
  }

  /** The columns of some rows by name, in the order of the bins of `binned`. */
  async columns(batch: Batch): Promise<[name: string, column: Column][]> {
    const { layout, ids, numbers } = this.#columns;
    const all = await this.#numbers(batch);
    const column = (c: number) => Float32Array.from({ length: batch.size }, (_, row) => all[row * numbers + c]!);
    return [
      ...Array.from({ length: numbers }, (_, c): [string, Column] => [`number ${c}`, column(c)]),
      ...ids.map(({ part, column: c, offset }, i): [string, Column] => {
        const width = BATCH_PARTS[part].width(layout);
        const codes = Int32Array.from({ length: batch.size }, (_, row) => {
          const code = batch[part][row * width + c]! - offset;
          return part === 'ids' && code === MISSING ? -1 : code;
        });
        return [`id ${i}`, { codes }];
      }),
    ];
  }

  async #numbers(batch: Batch): Promise<Float32Array> {
    const { numbers, lists } = this.#columns;
    const all = new Float32Array(batch.size * numbers);
    for (let from = 0; numbers > 0 && from < batch.size; from += BLOCK) {
      const block = tf.tidy(() => {
        const rows = this.#model.toTensors(sliceBatch(batch, from, Math.min(from + BLOCK, batch.size)));
        return numbersOf(this.#columns, rows, tf.tensor2d(this.#listed, [lists.length, LISTED]));
      });
      all.set((await block.data()) as Float32Array, from * numbers);
      block.dispose();
    }
    return all;
  }

  setBins({ bins }: BinnedColumns): void {
    const { numbers, ids } = this.#columns;
    const { store } = this.#model;
    const assign = (name: string, fill: (values: Float32Array, shape: number[]) => void) => {
      if (!store.has(name)) return;
      const { variable } = store.get(name);
      const values = new Float32Array(variable.size);
      fill(values, variable.shape);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    };
    assign('input.listed', (values) => values.set(this.#listed));
    assign('input.thresholds', (values, [, each]) => {
      values.fill(NO_THRESHOLD);
      bins.slice(0, numbers).forEach((own, c) => {
        if ('thresholds' in own) values.set(own.thresholds.map(roundedDown), c * each!);
      });
    });
    assign('input.bins', (values) => {
      let first = 0;
      ids.forEach(({ size }, i) => {
        const own = bins[numbers + i]!;
        const categories = 'categories' in own ? own.categories : [];
        values.fill(categories.length, first, first + size); // the bin of missing and unknown values
        categories.forEach((code, bin) => (values[first + Number(code)] = bin));
        first += size;
      });
    });
  }
}

/** The codes of the most frequent values of each list: [lists × 32], with −1 where there are fewer. */
function frequentEntries({ layout, lists }: BinnedLayout, { size, bagIds, bagWeights }: Batch): Float32Array {
  const frequent = new Float32Array(lists.length * LISTED).fill(-1);
  lists.forEach(({ column, width, offset }, l) => {
    const counts = new Map<number, number>();
    for (let row = 0; row < size; row++)
      for (let at = row * layout.slots + column, end = at + width; at < end; at++)
        if (bagWeights[at]! > 0) addTo(counts, bagIds[at]! - offset);
    const most = ranked(counts).slice(0, LISTED);
    most.forEach(([id], i) => (frequent[l * LISTED + i] = id));
  });
  return frequent;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The largest number of 32 bits that isn't above a threshold. No number of 32 bits is on another side of it. */
function roundedDown(threshold: number): number {
  float[0] = threshold;
  if (float[0]! > threshold) bits[0]! += float[0]! > 0 ? -1 : 1;
  return float[0]!;
}
