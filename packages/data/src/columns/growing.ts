type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array;

const BLOCK = 1 << 15;

/** A typed array whose length is not known beforehand: blocks, joined at the end, so that nothing is held twice. */
export class Growing<A extends Numbers> {
  private readonly blocks: A[] = [];
  private block: A;
  private used = 0;
  private readonly make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.make = make;
    this.block = make(BLOCK);
  }

  push(value: number): void {
    if (this.used === BLOCK) {
      this.blocks.push(this.block);
      this.block = this.make(BLOCK);
      this.used = 0;
    }
    this.block[this.used++] = value;
  }

  /** All values so far, in an array of their own. */
  toArray(): A {
    const all = this.make(this.blocks.length * BLOCK + this.used);
    this.blocks.forEach((block, b) => all.set(block, b * BLOCK));
    all.set(this.block.subarray(0, this.used), this.blocks.length * BLOCK);
    return all;
  }
}
