import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { Interrupts } from '../cli/io.ts';

/** A keyboard of its own: nobody else hears its Ctrl-C. */
export function keyboard() {
  const emitter = new EventEmitter();
  const exit = vi.fn();
  const interrupts: Interrupts = {
    on: (signal, listener) => emitter.on(signal, listener),
    off: (signal, listener) => emitter.off(signal, listener),
    exit,
  };
  return {
    interrupts,
    exit,
    press: (signal: NodeJS.Signals = 'SIGINT') => emitter.emit(signal),
    listening: (signal: NodeJS.Signals = 'SIGINT') => emitter.listenerCount(signal),
  };
}
