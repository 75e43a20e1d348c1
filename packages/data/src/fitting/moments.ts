/** Numbers beyond this have squares that double precision can't hold. */
export const LARGEST = 1e150;

/**
 * Weighted mean and standard deviation (divided by the sum of weights) of numbers that come one by one: Welford's sums of
 * what is left after the first number, so that no digits are lost where the mean is large.
 */
export class Moments {
  #count = 0;
  #weight = 0;
  #shift = 0;
  #mean = 0;
  #squares = 0;
  #varies = false;

  add(value: number, weight = 1): void {
    if (this.#count === 0) this.#shift = value;
    this.#count++;
    this.#weight += weight;
    const moved = value - this.#shift;
    const step = moved - this.#mean;
    this.#mean += (step * weight) / this.#weight;
    this.#squares += weight * step * (moved - this.#mean);
    this.#varies ||= moved !== 0;
  }

  /** How many numbers. */
  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#shift + this.#mean;
  }

  /** 0 of numbers that are all the same. */
  get deviation(): number {
    return this.#varies ? Math.sqrt(this.#squares / this.#weight) : 0;
  }
}
