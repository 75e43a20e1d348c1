import { registerGradients } from '#gradients';
import { onServer } from '#platform';
import { defaultRuntime, nodeRuntime, type NodeRuntimeOptions, type Recorded, type Runtime } from '@polytask/compile';
import { anything, flag, optional, readOptions, type Option, type Written } from '@polytask/components';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import { checkSameGraph, COMPARED_ROWS } from '@polytask/graphs';
import { trainBalanced } from '../../balancing/train-balanced.ts';
import type { Engine } from '../../engine.ts';
import { noticeOnce } from '../../platform/notice-once.ts';
import { FlatState, flatStep, type FlatGradients, type RunPass } from '../../steps/flat-step.ts';
import { compiledPasses, tracePass, compiledScorer } from './compiled-passes.ts';
import { eagerEngine } from '../eager-engine.ts';
import { verifyScores, verifyStep } from './verify.ts';

export { tracePass, type TracedPass } from './compiled-passes.ts';

const own = {
  /**
   * The runtime of the graphs. Default: onnxruntime-node, or onnxruntime-web where that doesn't load. With `spinning` or
   * `executionProviders`, which are options of onnxruntime-node, only that.
   */
  runtime: optional(anything as Option<Runtime>),
  /**
   * Whether a few rows are computed by TensorFlow.js too, and must give the same losses and gradients before the first step, and
   * the same logits before the first score. Default: true in a page or worker, whose device is unknown, and false in Node.
   */
  verify: optional(flag),
};
const description = { ...own, threads: anything, spinning: anything, executionProviders: anything }; // the runtime checks its own

export interface CompiledEngineOptions extends NodeRuntimeOptions, Written<typeof own> {}

/**
 * The compiled engine. A TF.js backend records the operations of the whole training step as one ONNX graph, and ONNX Runtime
 * runs this graph. This engine is the default where onnxruntime-node (in Node) or onnxruntime-web is installed.
 *
 * @throws Error in `train` and `score`, when the runtime is missing or an operation of the model can't be compiled
 * @throws PolytaskError in `train` and `score`, when `verify` finds other numbers
 * @example await fit(model, train, { engine: compiledEngine({ threads: 2 }) });
 */
export function compiledEngine(given: CompiledEngineOptions = {}): Engine {
  readOptions(given, description, 'compiledEngine');
  const { verify = !onServer(), ...options } = given;
  const load = () => runtimeOf(options);
  return {
    name: 'compiled',
    async train(model, recipe) {
      await registerGradients();
      const loaded = await load();
      if (verify) await verifyStep(model, recipe, loaded);
      const { clip, balancing } = recipe;
      // a model that can't be compiled fails here, before the first step
      const check = <M extends Tasks>(kind: 'plain' | 'weighted', of: MultiTaskModel<M>) =>
        checkSameGraph(
          () => tracePass(of, { kind, clip, size: COMPARED_ROWS, threads: loaded.threads, rewrite: asRecorded }).file,
        );
      if (balancing) {
        return trainBalanced(model, recipe, balancing, (balanced, state) => {
          check('weighted', balanced);
          return compiledPasses(balanced, state, loaded);
        });
      }
      check('plain', model);
      const state = new FlatState(model, recipe);
      const passes = compiledPasses(model, state, loaded);
      await passes.reload();
      const gradients = async (run: RunPass): Promise<FlatGradients> => ({
        losses: (await run('plain', { clip })).losses,
        hasGradients: true,
      });
      return flatStep(model, { state, passes, source: { gradients } });
    },
    async score(model) {
      if (model.network.onHost) return eagerEngine.score(model);
      const loaded = await load();
      if (verify) await verifyScores(model, loaded);
      return compiledScorer(model, loaded);
    },
  };
}

/** Graphs that are only compared need no rewriting, which takes longer than their recording. */
const asRecorded = (recorded: Recorded): Recorded => recorded;

async function runtimeOf({ runtime, ...options }: Omit<CompiledEngineOptions, 'verify'>): Promise<Runtime> {
  if (runtime) return runtime;
  if (options.spinning !== undefined || options.executionProviders) return nodeRuntime(options);
  const { threads } = options;
  const chosen = await defaultRuntime(threads === undefined ? {} : { threads });
  if (chosen.note) noticeOnce(chosen.note);
  return chosen;
}
