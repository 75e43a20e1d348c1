import { fail, suggestion } from '@polytask/core';
import { autoEngine } from './auto-engine.ts';
import { eagerEngine } from './eager-engine.ts';
import type { Engine } from '../engine.ts';
import { lazyCompiledEngine } from './lazy-compiled-engine.ts';

/**
 * `auto`: compiled in Node where ONNX Runtime is installed and the model can be compiled, eager otherwise. `compiled`: one
 * ONNX graph a step. `eager`: plain TF.js on the current backend. Or an engine of your own.
 */
export type EngineChoice = 'auto' | 'compiled' | 'eager' | Engine;

const engines: Readonly<Record<string, Engine>> = {
  auto: autoEngine,
  compiled: lazyCompiledEngine,
  eager: eagerEngine,
};

export function chooseEngine(choice: EngineChoice = 'auto'): Engine {
  if (typeof choice === 'object' && choice !== null && 'train' in choice) return choice;
  if (typeof choice === 'string' && Object.hasOwn(engines, choice)) return engines[choice]!;
  return fail({
    expected: 'an engine',
    received: JSON.stringify(choice) ?? typeof choice,
    mend: suggestion(String(choice), Object.keys(engines)),
  });
}
