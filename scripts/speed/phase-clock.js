/**
 * Says where time goes: at every moment one phase is on, and all of the time is some phase's.
 *
 * @template {string} P
 */
export class PhaseClock {
  /** @type {P} */
  #phase;
  #since;
  #now;
  /** @type {Map<P, number>} */
  #spent = new Map();

  /** @param {P} phase the one that begins now @param {() => number} now milliseconds */
  constructor(phase, now = () => performance.now()) {
    this.#phase = phase;
    this.#now = now;
    this.#since = now();
  }

  /** Another phase begins. @param {P} phase @returns {P} the one that ends */
  enter(phase) {
    const before = this.#phase;
    this.#close();
    this.#phase = phase;
    return before;
  }

  /** The time since the phase began was another one's. @param {P} phase */
  rename(phase) {
    const before = this.#phase;
    this.#phase = phase;
    this.#close();
    this.#phase = before;
  }

  /** A phase within another. @template R @param {P} phase @param {() => R} work @returns {R} */
  during(phase, work) {
    const before = this.enter(phase);
    try {
      return work();
    } finally {
      this.enter(before);
    }
  }

  /** Milliseconds so far. @param {P} phase */
  spent(phase) {
    this.#close();
    return this.#spent.get(phase) ?? 0;
  }

  #close() {
    const now = this.#now();
    this.#spent.set(this.#phase, (this.#spent.get(this.#phase) ?? 0) + now - this.#since);
    this.#since = now;
  }
}
