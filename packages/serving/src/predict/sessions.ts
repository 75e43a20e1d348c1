import type { Runtime, Session } from '@polytask/compile';

/** Sessions of one snapshot of a model by batch size: made when they are first used, released when nobody uses them. */
export class Sessions {
  readonly #bySize = new Map<number, Promise<Session>>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #load: (size: number) => Promise<Session>;

  constructor(runtime: Runtime, write: (size: number) => Uint8Array) {
    // a row at a time, another thread's waking takes longer than its work
    this.#load = async (size) => runtime.load(write(size), size === 1 ? { threads: 1 } : {});
  }

  /** The session of a size. One that couldn't be made is tried again at the next use. */
  get(size: number): Promise<Session> {
    const known = this.#bySize.get(size);
    if (known) return known;
    const session = this.#load(size);
    this.#bySize.set(size, session);
    session.catch(() => this.#bySize.delete(size));
    return session;
  }

  /** Keeps the sessions as long as this takes. */
  async during<R>(use: () => Promise<R>): Promise<R> {
    const running = use();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Frees them all, once what runs has finished. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#running);
    const sessions = await Promise.allSettled(this.#bySize.values());
    this.#bySize.clear();
    for (const each of sessions) if (each.status === 'fulfilled') await each.value.release();
  }
}
