import type { Runtime, Session } from '@polytask/compile';
import type { PredictGraph } from './predict-graph.ts';

/** About what a processor core has of a cache of its own. */
const CACHE_BYTES = 2 * 2 ** 20;

/** Sessions of one snapshot of a model by batch size: made when they are first used, released when nobody uses them. */
export class Sessions {
  readonly #bySize = new Map<number, Promise<Session>>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #load: (size: number) => Promise<Session>;

  constructor(runtime: Runtime, write: (size: number) => PredictGraph) {
    this.#load = async (size) => {
      const { file, weightBytes } = write(size);
      // for one row another thread's waking takes longer than its work, unless weights come from beyond the cache
      return runtime.load(file, size === 1 && weightBytes <= CACHE_BYTES ? { threads: 1 } : {});
    };
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
