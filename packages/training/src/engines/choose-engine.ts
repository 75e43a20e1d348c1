import { fail, suggestion } from '@polytask/core';
import { eagerEngine } from './eager-engine.ts';
import type { Engine } from './engine.ts';

/** `auto`: the fastest that runs here. `eager`: plain TF.js on the current backend. Or an engine of your own. */
export type EngineChoice = 'auto' | 'eager' | Engine;

const engines: Readonly<Record<string, Engine>> = { auto: eagerEngine, eager: eagerEngine };

export function chooseEngine(choice: EngineChoice = 'auto'): Engine {
  if (typeof choice === 'object' && choice !== null && 'train' in choice) return choice;
  if (typeof choice === 'string' && Object.hasOwn(engines, choice)) return engines[choice]!;
  return fail({
    expected: 'an engine',
    received: JSON.stringify(choice) ?? typeof choice,
    mend: suggestion(String(choice), Object.keys(engines)),
  });
}
