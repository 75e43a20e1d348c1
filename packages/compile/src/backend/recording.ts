import { Emitter } from '../graph/emit.ts';
import { Graph } from '../graph/graph.ts';

/** One run of a function whose operations are written down. */
export class Recording {
  readonly graph = new Graph();
  readonly emit: Emitter;
  /** The TF.js kernels that it called, computed now or not. */
  readonly kernels = new Set<string>();
  /** What can't be thrown where it happens: the function asked for numbers by a promise. */
  fault: Error | undefined;

  constructor(threads?: number) {
    this.emit = new Emitter(this.graph, threads);
  }
}
