import { findRow, type NamedRow, type TrialEngine } from '@polytask/study';
import * as tf from '@tensorflow/tfjs';

/** An engine that trials run on. */
export interface EngineRow extends NamedRow {
  /** How `fit` and `evaluate` run: `compiled` graphs, or `eager` operations of the current TF.js backend. */
  readonly training: 'compiled' | 'eager';
  /** Prepares the process for the engine. @throws when the engine can't run here */
  start(): Promise<void>;
}

/** The engines, in the order in which `auto` tries them. */
export const engines: readonly EngineRow[] = [
  {
    name: 'compiled',
    description: 'one ONNX graph a step, run by onnxruntime-node, one thread',
    training: 'compiled',
    async start() {
      await import('onnxruntime-node'); // throws if its binary doesn't load
      await wasm().catch(() => use('cpu')); // for the work outside of training
    },
  },
  { name: 'wasm', description: 'TF.js on WebAssembly with SIMD, one thread', training: 'eager', start: wasm },
  {
    name: 'cpu',
    description: 'TF.js on plain JavaScript; needs nothing, and is many times slower',
    training: 'eager',
    start: () => use('cpu'),
  },
];

async function wasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm'); // registers the backend
  await use('wasm');
}

async function use(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js couldn't start the backend "${backend}".`);
  await tf.ready();
}

/** Stands for the first engine that runs here. */
export const AUTO = 'auto';

/**
 * Starts an engine for the process. It switches off the warnings of TF.js (`tf.enableProdMode`).
 *
 * @param name the name of an engine, or `auto`
 * @param onFallback called with a sentence when `auto` takes another than the first engine
 * @returns the name of the engine that runs
 * @throws PolytaskError on an unknown name; the engine's error if it can't run here
 * @example const engine = await startEngine('auto');
 */
export async function startEngine(
  name: string,
  onFallback: (message: string) => void = () => {},
  rows: readonly EngineRow[] = engines,
): Promise<string> {
  tf.enableProdMode();
  if (name !== AUTO) {
    const row = findRow(rows, name, 'engine');
    await row.start();
    return row.name;
  }
  for (const [i, row] of rows.entries()) {
    try {
      await row.start();
      return row.name;
    } catch (error) {
      const next = rows[i + 1];
      if (!next) throw error;
      onFallback(
        `Engine ${row.name} doesn't run here (${messageOf(error)}): taking ${next.name}, ${next.description}.`,
      );
    }
  }
  throw new Error('There is no engine.');
}

/** Starts an engine for trials. The parameters are those of {@link startEngine}. */
export async function openEngine(name = AUTO, onFallback?: (message: string) => void): Promise<TrialEngine> {
  const row = findRow(engines, await startEngine(name, onFallback), 'engine');
  return { name: row.name, mode: row.training };
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String((error as { message?: unknown } | undefined)?.message ?? error))
    .split('\n')[0]!
    .replace(/\.$/, '');
