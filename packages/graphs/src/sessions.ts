import type { Session } from '@polytask/compile';
import type { ModelGraph } from './trace-model.ts';

/** The loaded graphs of a model, by a key such as the batch size. Each graph is loaded at its first use. */
export class Sessions<K, G extends { readonly session: Session }> {
  readonly #graphs = new Map<K, Promise<G>>();
  readonly #running = new Set<Promise<unknown>>();

  /** The graph of a key. After an error, the next call loads the graph again. */
  get(key: K, load: () => Promise<G>): Promise<G> {
    const existing = this.#graphs.get(key);
    if (existing) return existing;
    const graph = load();
    this.#graphs.set(key, graph);
    graph.catch(() => {
      if (this.#graphs.get(key) === graph) this.#graphs.delete(key);
    });
    return graph;
  }

  /** Runs a function. `release` waits until the function has finished. */
  async during<R>(use: () => Promise<R>): Promise<R> {
    const running = use();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Releases all sessions, after all functions of `during` have finished. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#running);
    const graphs = await Promise.allSettled(this.#graphs.values());
    this.#graphs.clear();
    for (const each of graphs) if (each.status === 'fulfilled') await each.value.session.release();
  }
}

/** A graph in a session, without its file and its recorded operations. */
export type LoadedGraph<G extends ModelGraph = ModelGraph> = Omit<G, 'file' | 'recorded'> & {
  readonly session: Session;
};

/**
 * Loads a graph into a session.
 *
 * @param load loads an ONNX file, such as `(file) => runtime.load(file)`
 * @example
 * const runtime = await nodeRuntime();
 * const graph = traceModel(model, ({ batch }) => model.forward(batch).logits, { rows: 32, labeled: false });
 * const { session } = await loadGraph((file) => runtime.load(file), graph);
 */
export async function loadGraph<G extends ModelGraph>(
  load: (file: Uint8Array) => Promise<Session>,
  { file, recorded: _, ...rest }: G,
): Promise<LoadedGraph<G>> {
  return { ...rest, session: await load(file) };
}
