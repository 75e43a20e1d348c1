import { notice, onServer } from '#platform';
import { eagerEngine } from './eager-engine.ts';
import type { Engine } from '../engine.ts';
import { lazyCompiledEngine } from './lazy-compiled-engine.ts';

/**
 * The compiled engine in Node, and the eager one where that can't be: in a browser, without ONNX Runtime, or for a model
 * that does something which can't be compiled. Says why in one line, once for each reason.
 */
export const autoEngine: Engine = {
  name: 'auto',
  train: (model, recipe) => first((engine) => engine.train(model, recipe)),
  score: (model) => first((engine) => engine.score(model)),
};

const told = new Set<string>();

async function first<R>(use: (engine: Engine) => Promise<R>): Promise<R> {
  if (!onServer()) return use(eagerEngine);
  try {
    return await use(lazyCompiledEngine);
  } catch (error) {
    const why = (error as Error).message;
    if (!told.has(why)) notice(`Training eagerly, which is slower: ${why}`);
    told.add(why);
    return use(eagerEngine);
  }
}
