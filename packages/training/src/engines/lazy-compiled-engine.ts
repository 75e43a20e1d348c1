import type { Engine } from '../engine.ts';

/** The compiled engine with its defaults; its code is loaded when it is first used. */
export const lazyCompiledEngine: Engine = {
  name: 'compiled',
  train: async (model, recipe) => (await engine()).train(model, recipe),
  score: async (model) => (await engine()).score(model),
};

const engine = async (): Promise<Engine> => (await import('./compiled/compiled-engine.ts')).compiledEngine();
