import type { Session } from '@polytask/compile';

/** Graphs of one model in their sessions, by a key such as the batch size: loaded at their first use, and released together. */
export class Sessions<K, G extends { readonly session: Session }> {
  readonly #graphs = new Map<K, Promise<G>>();
  readonly #running = new Set<Promise<unknown>>();

  /** The graph of a key. One that couldn't be loaded is tried again at the next use. */
  get(key: K, load: () => Promise<G>): Promise<G> {
    const known = this.#graphs.get(key);
    if (known) return known;
    const graph = load();
    this.#graphs.set(key, graph);
    graph.catch(() => {
      if (this.#graphs.get(key) === graph) this.#graphs.delete(key);
    });
    return graph;
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
    const graphs = await Promise.allSettled(this.#graphs.values());
    this.#graphs.clear();
    for (const each of graphs) if (each.status === 'fulfilled') await each.value.session.release();
  }
}
