import { nodeRuntime, type NodeRuntimeOptions, type Runtime } from '@polytask/compile';
import { checkSameGraph, COMPARED_ROWS } from '@polytask/graphs';
import { isBalanced, trainBalanced } from '../../balancing/train-balanced.ts';
import type { Engine } from '../../engine.ts';
import { compiledPasses } from './compiled-passes.ts';
import { compiledScorer } from './compiled-scorer.ts';
import { CompiledStep } from './compiled-step.ts';
import { tracePass } from './pass-graph.ts';
import { traceStep } from './step-graph.ts';

export { traceStep, type TracedStep } from './step-graph.ts';

export interface CompiledEngineOptions extends NodeRuntimeOptions {
  /** Instead of onnxruntime-node. */
  runtime?: Runtime;
}

/**
 * The compiled engine: the whole training step is run once on a recording TF.js backend, written as one ONNX graph and
 * executed by ONNX Runtime. The default in Node where onnxruntime-node is installed.
 *
 * @throws Error in `train` and `score`, when the runtime is missing or the model does something that can't be compiled
 * @example await fit(model, train, { engine: compiledEngine({ threads: 2 }) });
 */
export function compiledEngine(options: CompiledEngineOptions = {}): Engine {
  const { runtime, ...rest } = options;
  const load = () => (runtime ? Promise.resolve(runtime) : nodeRuntime(rest));
  return {
    name: 'compiled',
    async train(model, recipe) {
      const loaded = await load();
      if (isBalanced(recipe)) {
        return trainBalanced(model, recipe, (known, state) => {
          checkSameGraph(
            () => tracePass(known, { kind: 'weighted', size: COMPARED_ROWS, threads: loaded.threads }).file,
          );
          return compiledPasses(known, state, loaded);
        });
      }
      // what can't be compiled, and what must not be, is found before the first step
      checkSameGraph(() => traceStep(model, recipe, COMPARED_ROWS, loaded.threads).file);
      return CompiledStep.of(model, recipe, loaded);
    },
    score: async (model) => compiledScorer(model, await load()),
  };
}
