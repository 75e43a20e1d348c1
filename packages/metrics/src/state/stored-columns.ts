/** A Float64Array that grows by doubling. Don't change an array after appending it: the column may share its memory. */
export class GrowableColumn {
  #data = new Float64Array(0);
  #length = 0;

  append(values: Float64Array): void {
    const length = this.#length + values.length;
    if (this.#length === 0)
      this.#data = values as Float64Array<ArrayBuffer>; // shared until the next append copies it
    else {
      if (length > this.#data.length) {
        const larger = new Float64Array(Math.max(length, 2 * this.#data.length));
        larger.set(this.values);
        this.#data = larger;
      }
      this.#data.set(values, this.#length);
    }
    this.#length = length;
  }

  /** A view of the numbers. Later appends don't change it. */
  get values(): Float64Array {
    return this.#data.subarray(0, this.#length);
  }

  clear(): void {
    this.#data = new Float64Array(0);
    this.#length = 0;
  }
}

type Key = number | string;

/** The group of each row as an index. Groups are numbered in the order of their first rows. */
export class GroupIndex {
  readonly #numbers = new Map<Key, number>();
  readonly #column = new GrowableColumn();

  append(keys: readonly Key[]): void {
    const numbers = new Float64Array(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      let number = this.#numbers.get(key);
      if (number === undefined) {
        number = this.#numbers.size;
        this.#numbers.set(key, number);
      }
      numbers[i] = number;
    }
    this.#column.append(numbers);
  }

  get size(): number {
    return this.#numbers.size;
  }

  /** The index of each row's group, 0 … size − 1. [rows] */
  indices(): Uint32Array {
    return new Uint32Array(this.#column.values);
  }

  /** The group id of each row. [rows] */
  keys(): Key[] {
    const names = [...this.#numbers.keys()];
    return Array.from(this.#column.values, (number) => names[number]!);
  }

  clear(): void {
    this.#numbers.clear();
    this.#column.clear();
  }
}
