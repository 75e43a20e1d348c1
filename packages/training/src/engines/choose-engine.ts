import { notKnown } from '@polytask/components';
import { onServer } from '#platform';
import type { Engine } from '../engine.ts';
import { eagerEngine } from './eager-engine.ts';
import { noticeOnce } from '../platform/notice-once.ts';

/**
 * The engine that runs the steps.
 *
 * - `auto`: the first that runs of `compiled`, `compiled-wasm` and `eager`
 * - `compiled`: each step is one ONNX graph, which onnxruntime-node runs, or onnxruntime-web in a page or worker
 * - `compiled-wasm`: the same graph, which onnxruntime-web runs in WebAssembly
 * - `eager`: plain TF.js operations on the current backend
 * - an engine of your own
 */
export type EngineChoice = 'auto' | 'compiled' | 'compiled-wasm' | 'eager' | Engine;

const lazyEngine = (name: string, runtime?: 'nodeRuntime' | 'webRuntime'): Engine => {
  const engine = async (): Promise<Engine> => {
    const { compiledEngine } = await import('./compiled/compiled-engine.ts');
    return compiledEngine(runtime && { runtime: await (await import('@polytask/compile'))[runtime]() });
  };
  return {
    name,
    train: async (model, recipe) => (await engine()).train(model, recipe),
    score: async (model) => (await engine()).score(model),
  };
};

/** The compiled engine on the runtime that loads. A notice says which one, if it isn't onnxruntime-node. */
const compiledOnAny = lazyEngine('compiled');

/** The compiled engine, or the eager one without ONNX Runtime or for a model that can't be compiled, with a notice. */
const autoEngine: Engine = {
  name: 'auto',
  train: (model, recipe) => compiledOrEager((engine) => engine.train(model, recipe)),
  score: (model) => compiledOrEager((engine) => engine.score(model)),
};

async function compiledOrEager<R>(use: (engine: Engine) => Promise<R>): Promise<R> {
  try {
    return await use(compiledOnAny);
  } catch (error) {
    noticeOnce(`Running eagerly, which is slower: ${(error as Error).message}`);
    return use(eagerEngine);
  }
}

const engines: Readonly<Record<string, Engine>> = {
  auto: autoEngine,
  compiled: lazyEngine('compiled', onServer() ? 'nodeRuntime' : 'webRuntime'),
  'compiled-wasm': lazyEngine('compiled-wasm', 'webRuntime'),
  eager: eagerEngine,
};

export function chooseEngine(choice: EngineChoice = 'auto'): Engine {
  if (typeof choice === 'object' && choice !== null && 'train' in choice) return choice;
  if (typeof choice === 'string' && Object.hasOwn(engines, choice)) return engines[choice]!;
  return notKnown(choice, Object.keys(engines), 'an engine');
}
