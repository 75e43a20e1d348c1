import { compiledEngine } from '@polytask/training/compiled';

/**
 * Where a training run's time goes. `assemble`: rows are gathered into a batch; `feed`: its arrays are handed to the
 * graph; `session`: the graph runs; `update`: the optimizer's pass; `start`: tracing, writing and loading; `rest`: all else.
 *
 * @typedef {'assemble' | 'feed' | 'session' | 'update' | 'start' | 'rest'} Phase
 * @typedef {import('./phase-clock.js').PhaseClock<Phase>} Clock
 */

/**
 * The compiled engine, with its time told to a clock.
 *
 * @param {import('@polytask/compile').Runtime} runtime
 * @param {Clock} clock
 * @returns {import('@polytask/training').Engine}
 */
export function timedEngine(runtime, clock) {
  const engine = compiledEngine({ runtime: timedRuntime(runtime, clock) });
  return {
    name: engine.name,
    async train(model, recipe) {
      const step = await engine.train(model, recipe);
      return {
        name: step.name,
        inFlight: 1, // one step after the other, so that each moment is one phase's
        async run(batch, learningRate) {
          clock.enter('feed');
          const losses = await step.run(batch, learningRate);
          clock.enter('rest');
          return losses;
        },
        flush: () => step.flush(),
        readSlots: () => step.readSlots(),
        restore: (slots, steps) => step.restore(slots, steps),
        close: () => step.close(),
      };
    },
    score: (model) => engine.score(model),
  };
}

/** @param {import('@polytask/compile').Runtime} runtime @param {Clock} clock @returns {import('@polytask/compile').Runtime} */
function timedRuntime(runtime, clock) {
  return {
    ...runtime,
    async load(model) {
      clock.rename('start'); // up to now the step has been traced and written
      const before = clock.enter('start');
      const session = await runtime.load(model);
      clock.enter(before);
      return {
        async run(feeds) {
          clock.enter('session');
          const results = await session.run(feeds);
          clock.enter('update');
          return results;
        },
        release: () => session.release(),
      };
    },
  };
}
