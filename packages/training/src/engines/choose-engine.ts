import { notice, onServer } from '#platform';
import { fail, suggestion } from '@polytask/core';
import type { Engine } from '../engine.ts';
import { eagerEngine } from './eager-engine.ts';

/**
 * The engine that runs the steps.
 *
 * - `auto`: the compiled engine in Node, where ONNX Runtime is installed and the model can be compiled. Otherwise eager
 * - `compiled`: each step is one ONNX graph
 * - `eager`: plain TF.js operations on the current backend
 * - an engine of your own
 */
export type EngineChoice = 'auto' | 'compiled' | 'eager' | Engine;

/** The compiled engine with its defaults. The code of the engine is loaded at the first use. */
const lazyCompiledEngine: Engine = {
  name: 'compiled',
  train: async (model, recipe) => (await compiledEngine()).train(model, recipe),
  score: async (model) => (await compiledEngine()).score(model),
};

const compiledEngine = async (): Promise<Engine> => (await import('./compiled/compiled-engine.ts')).compiledEngine();

/**
 * The compiled engine in Node. The eager engine in a browser, without ONNX Runtime, or for a model that can't be compiled.
 * A notice gives each reason once, in one line.
 */
const autoEngine: Engine = {
  name: 'auto',
  train: (model, recipe) => compiledOrEager((engine) => engine.train(model, recipe)),
  score: (model) => compiledOrEager((engine) => engine.score(model)),
};

const reportedReasons = new Set<string>();

async function compiledOrEager<R>(use: (engine: Engine) => Promise<R>): Promise<R> {
  if (!onServer()) return use(eagerEngine);
  try {
    return await use(lazyCompiledEngine);
  } catch (error) {
    const reason = (error as Error).message;
    if (!reportedReasons.has(reason)) notice(`Training eagerly, which is slower: ${reason}`);
    reportedReasons.add(reason);
    return use(eagerEngine);
  }
}

const engines: Readonly<Record<string, Engine>> = {
  auto: autoEngine,
  compiled: lazyCompiledEngine,
  eager: eagerEngine,
};

/** @throws PolytaskError with a suggestion, when no engine has this name */
export function chooseEngine(choice: EngineChoice = 'auto'): Engine {
  if (typeof choice === 'object' && choice !== null && 'train' in choice) return choice;
  if (typeof choice === 'string' && Object.hasOwn(engines, choice)) return engines[choice]!;
  return fail({
    expected: 'an engine',
    received: JSON.stringify(choice) ?? typeof choice,
    mend: suggestion(String(choice), Object.keys(engines)),
  });
}
