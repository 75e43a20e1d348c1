/** A Float64Array that grows by doubling. Arrays that are appended must not be written to afterwards. */
export class GrowableColumn {
  #data = new Float64Array(0);
  #length = 0;

  append(values: Float64Array): void {
    const length = this.#length + values.length;
    if (this.#length === 0)
      this.#data = values as Float64Array<ArrayBuffer>; // full to the brim: the next append copies
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

  /** A view; later appends don't change it. */
  get values(): Float64Array {
    return this.#data.subarray(0, this.#length);
  }

  clear(): void {
    this.#data = new Float64Array(0);
    this.#length = 0;
  }
}
