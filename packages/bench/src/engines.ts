import { compile, nodeRuntime, type Runtime, webRuntime } from '@polytask/compile';
import { findEntry, type NamedEntry, type TrainingMode, type TrialEngine } from '@polytask/study';
import * as tf from '@tensorflow/tfjs-core';

/** An engine that trials run on. */
export interface EngineEntry extends NamedEntry {
  /** How `fit` and `evaluate` run. */
  readonly training: TrainingMode;
  /** The runtime of a compiled engine. Undefined for an eager engine. */
  readonly runtime?: (options?: { threads: number }) => Promise<Runtime>;
  /** The packages that its results depend on, besides those of every engine. */
  readonly packages?: readonly string[];
  /** Prepares the process for the engine. @throws when the engine can't run here */
  start(): Promise<void>;
}

/** The engines, in the order in which `auto` tries them. */
export const engines: readonly EngineEntry[] = [
  {
    name: 'compiled',
    description: 'one ONNX graph a step, run by onnxruntime-node, one thread',
    training: 'compiled',
    runtime: nodeRuntime,
    packages: ['onnxruntime-node'],
    async start() {
      await nodeRuntime(); // throws if its binary doesn't load
      await forOtherWork();
    },
  },
  {
    name: 'compiled-wasm',
    description: 'the same graph, run by onnxruntime-web in WebAssembly, one thread; several times slower',
    training: 'compiled-wasm',
    runtime: webRuntime,
    packages: ['onnxruntime-web'],
    async start() {
      await forOtherWork();
      const runtime = await webRuntime();
      const negated = await compile((x) => tf.neg(x), { x: { shape: [1] } }, { runtime }); // throws if its .wasm doesn't load
      await negated.dispose();
    },
  },
  { name: 'wasm', description: 'TF.js on WebAssembly with SIMD, one thread', training: 'eager', start: wasm },
  {
    name: 'cpu',
    description: 'TF.js on plain JavaScript; needs nothing, and is many times slower',
    training: 'eager',
    start: cpu,
  },
];

/** Starts a TF.js backend for the work outside of training. */
const forOtherWork = (): Promise<void> => wasm().catch(cpu);

async function wasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm'); // registers the backend
  await use('wasm');
}

async function cpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  await use('cpu');
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
 * @param onFallback called once, with a line that names the engine, when `auto` takes another than the first
 * @returns the name of the engine that runs
 * @throws PolytaskError on an unknown name; the engine's error if it can't run here
 * @example const engine = await startEngine('auto');
 */
export async function startEngine(
  name: string,
  onFallback: (message: string) => void = () => {},
  entries: readonly EngineEntry[] = engines,
): Promise<string> {
  tf.enableProdMode();
  if (name !== AUTO) {
    const entry = findEntry(entries, name, 'engine');
    await entry.start();
    return entry.name;
  }
  const reasons: string[] = [];
  for (const entry of entries) {
    try {
      await entry.start();
      if (reasons.length > 0) onFallback(fallbackNote(reasons, entry));
      return entry.name;
    } catch (error) {
      if (entry === entries.at(-1)) throw error;
      reasons.push(`${entry.name} doesn't run here (${failureOf(error)})`);
    }
  }
  throw new Error('There is no engine.');
}

const fallbackNote = (reasons: readonly string[], { name, description }: EngineEntry): string =>
  `Engine ${reasons.join(', ')}: taking ${name}, ${description}.`;

/** Starts an engine for trials. The parameters are those of {@link startEngine}. */
export async function openEngine(name = AUTO, onFallback?: (message: string) => void): Promise<TrialEngine> {
  const entry = findEntry(engines, await startEngine(name, onFallback), 'engine');
  return { name: entry.name, mode: entry.training };
}

/** The runtime of a compiled engine, by the name of the engine. Undefined for an eager engine. */
export const runtimeOf = async (name: string, options?: { threads: number }): Promise<Runtime | undefined> =>
  findEntry(engines, name, 'engine').runtime?.(options);

/** Why an engine doesn't run, in a few words. The error of a missing runtime says how to install it; its cause is shorter. */
export function failureOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause ?? error;
  const message =
    cause instanceof Error ? cause.message : ((cause as { message?: unknown } | undefined)?.message ?? cause);
  return String(message)
    .split('\n')[0]!
    .replace(/ imported from .*/, '')
    .replace(/\.$/, '');
}
