import { findEntry, type NamedEntry, recordOf } from '@polytask/components';
import os from 'node:os';
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Runtime } from '@polytask/compile';
import type { Environment, TrialEngine } from '@polytask/study';

// TensorFlow.js and the compiler are loaded by the engine that starts: a help text needs the names alone.

/** An engine that trials run on. */
export interface EngineEntry extends NamedEntry, TrialEngine {
  /** The runtime of a compiled engine. Undefined for an eager engine. */
  readonly runtime?: (options?: { threads: number }) => Promise<Runtime>;
  /** The packages that its results depend on, besides those of every engine. */
  readonly packages?: readonly string[];
  /** Prepares the process for the engine. @throws when the engine can't run here */
  start(): Promise<void>;
}

const wasm = () => import('@tensorflow/tfjs-backend-wasm').then(() => use('wasm')); // the import registers the backend
const cpu = () => import('@tensorflow/tfjs-backend-cpu').then(() => use('cpu'));
const forOtherWork = () => wasm().catch(cpu);

/** The engines, in the order in which `auto` tries them. */
export const engines: readonly EngineEntry[] = [
  {
    name: 'compiled',
    description: 'one ONNX graph a step, run by onnxruntime-node, one thread',
    mode: 'compiled',
    runtime: async (options) => (await import('@polytask/compile')).nodeRuntime(options),
    packages: ['onnxruntime-node'],
    async start() {
      await (await import('@polytask/compile')).nodeRuntime(); // throws if its binary doesn't load
      await forOtherWork();
    },
  },
  {
    name: 'compiled-wasm',
    description: 'the same graph, run by onnxruntime-web in WebAssembly, one thread; several times slower',
    mode: 'compiled-wasm',
    runtime: async (options) => (await import('@polytask/compile')).webRuntime(options),
    packages: ['onnxruntime-web'],
    async start() {
      await forOtherWork();
      const [{ compile, webRuntime }, tf] = await Promise.all([
        import('@polytask/compile'),
        import('@tensorflow/tfjs-core'),
      ]);
      const runtime = await webRuntime();
      const negated = await compile((x) => tf.neg(x), { x: { shape: [1] } }, { runtime }); // throws if its .wasm doesn't load
      await negated.dispose();
    },
  },
  { name: 'wasm', description: 'TF.js on WebAssembly with SIMD, one thread', mode: 'eager', start: wasm },
  {
    name: 'cpu',
    description: 'TF.js on plain JavaScript; needs nothing, and is many times slower',
    mode: 'eager',
    start: cpu,
  },
];

async function use(backend: string): Promise<void> {
  const tf = await import('@tensorflow/tfjs-core');
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js couldn't start the backend "${backend}".`);
  await tf.ready();
}

export const AUTO = 'auto';

/**
 * Starts an engine for the process. It switches off the warnings of TF.js (`tf.enableProdMode`).
 *
 * @param name the name of an engine, or `auto`, the default
 * @param onFallback called once, with a line that names the engine, when `auto` takes another than the first
 * @returns the engine that runs
 * @throws PolytaskError on an unknown name; the engine's error if it can't run here
 * @example const engine = await startEngine('auto');
 */
export async function startEngine(
  name: string = AUTO,
  onFallback: (message: string) => void = () => {},
  entries: readonly EngineEntry[] = engines,
): Promise<EngineEntry> {
  (await import('@tensorflow/tfjs-core')).enableProdMode();
  if (name !== AUTO) {
    const entry = findEntry(entries, name, 'engine');
    await entry.start();
    return entry;
  }
  const reasons: string[] = [];
  let latest: unknown;
  for (const entry of entries) {
    try {
      await entry.start();
      const hint = entry.runtime
        ? ''
        : ' For faster training, run npm install --ignore-scripts onnxruntime-node, or npm install onnxruntime-web.';
      if (reasons.length > 0)
        onFallback(`Engine ${reasons.join(', ')}: taking ${entry.name}, ${entry.description}.${hint}`);
      return entry;
    } catch (error) {
      latest = error;
      reasons.push(`${entry.name} doesn't run here (${failureOf(error)})`);
    }
  }
  throw latest;
}

/** Why an engine doesn't run, in a few words. The error of a missing runtime says how to install it; its cause is shorter. */
export function failureOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause ?? error;
  const message = (cause as { message?: unknown } | undefined)?.message ?? cause;
  return String(message)
    .split('\n')[0]!
    .replace(/ imported from .*/, '')
    .replace(/\.$/, '');
}

/** The versions and the machine that results of this process name. Those of a compiled engine have the version of ONNX Runtime. */
export const environment = (engine: string): Environment => ({
  versions: { ...versions(), ...recordOf(engines.find(({ name }) => name === engine)?.packages ?? [], versionOf) },
  machine: machine(),
});

export const versions = (): Record<string, string> => ({
  ...recordOf(['@polytask/bench', '@polytask/core'], versionOf),
  // the packages of TensorFlow.js have one version
  '@tensorflow/tfjs': versionOf('@tensorflow/tfjs-core'),
  node: process.versions.node,
});

const versionOf = (name: string): string => installedPackage(name)?.version ?? 'unknown';

/** The machine in a line: `4 × AMD EPYC, 16 GB, linux x64`. */
function machine(): string {
  const cpus = os.cpus();
  const model = cpus[0]?.model.trim().replace(/\s+/g, ' ') || 'CPU of unknown name';
  return `${cpus.length} × ${model}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.platform()} ${os.arch()}`;
}

/** A package in a node_modules folder. Its directory is without symbolic links. */
export type InstalledPackage = NonNullable<ReturnType<typeof installedPackage>>;

/** The package that a file would import, also one without exports. `withPrivate`: also one that was never published. Undefined: none */
export function installedPackage(name: string, from: string = import.meta.url, { withPrivate = false } = {}) {
  for (const modules of createRequire(from).resolve.paths(name) ?? []) {
    const directory = path.join(modules, name);
    try {
      const manifest = readFileSync(path.join(directory, 'package.json'), 'utf8');
      const { version, private: isPrivate } = JSON.parse(manifest) as { version: string; private?: boolean };
      if (isPrivate && !withPrivate) continue; // a workspace's own, which has no releases
      return { name, version, directory: realpathSync(directory) };
    } catch {
      continue; // not in this folder
    }
  }
  return undefined;
}
