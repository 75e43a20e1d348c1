import type { MultiTaskModel } from '@polytask/core';
import { defineOptimizer, eagerEngine, sgd, type Engine, type OptimizerSpec } from '@polytask/training';
import { check, expectThat } from '../cases/case.ts';
import { parametersOf } from '../probes/probe.ts';
import { logitsOf, tinyBatch, withModels } from '../tiny/tiny-model.ts';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { needing } from '../subject.ts';

const ROWS = 16;
/** After these, the engines are compared. */
const STEPS = 20;
/** After these at the latest, it has learned. */
const MOST_STEPS = 50;
const RATE = 0.1;
const DESCENT = sgd(RATE, { momentum: 0.9 });
/** The largest allowed share of the first loss after training. The heads' biases alone reach 0.9. */
const LOSS_SHARE = 0.8;
const MEND =
  'Use operations that docs/compile.md lists, and draw with randomTensor; read no numbers while a pass runs.';

/** An "optimizer" that replaces each parameter by its gradient, so that the gradients of any engine can be read. */
const gradientItself = defineOptimizer('testing.gradient', {
  slots: () => ({}),
  coefficients: () => ({}),
  update: ({ gradient }, _, { add }) => ({ parameter: add(gradient, 0), slots: {} }),
})(1, {});

/** The parameters and buffers after some steps, and the losses of the first and the last step. */
interface Trajectory {
  readonly parameters: Numbers;
  readonly first: number;
  readonly last: number;
}

const hasLearned = (first: number, last: number): boolean => last < LOSS_SHARE * first;

/** Trains a new model. @param most more steps are made until it has learned, up to so many. Default: none */
const trajectory = (
  build: () => MultiTaskModel,
  engine: Engine,
  optimizer: OptimizerSpec = DESCENT,
  steps = STEPS,
  most = steps,
): Promise<Trajectory> =>
  withModels([build()], async (model) => {
    const step = await engine.train(model, { optimizer, clip: {} });
    const batch = tinyBatch(model, ROWS);
    batch.labels[1] = NaN; // the first task has no label in the second row
    batch.weights[1] = 0;
    let [first, last] = [NaN, NaN];
    try {
      for (let done = 1; done <= steps || (done <= most && !hasLearned(first, last)); done++) {
        last = (await step.run(batch, RATE)).total;
        if (done === 1) first = last;
      }
      await step.flush();
      return { parameters: parametersOf(model.store), first, last };
    } finally {
      await step.close();
    }
  });

/** The compiled engine. It is imported on demand, because it needs an ONNX Runtime. */
const compiledEngine = async (): Promise<Engine> => (await import('@polytask/training/compiled')).compiledEngine();

/** What a component promises on the engines. */
export const ENGINE_PROPERTIES = [
  needing(['model'], {
    'it learns': check(
      "Check that the outputs reach the tasks' lanes, and that gradients neither vanish nor explode.",
      async ({ model }) => {
        const { first, last } = await trajectory(model, eagerEngine, DESCENT, STEPS, MOST_STEPS);
        const steps = `after ${MOST_STEPS} steps of gradient descent from ${first.toPrecision(4)}`;
        const below = `a loss below ${(LOSS_SHARE * first).toPrecision(4)} ${steps}`;
        expectThat(hasLearned(first, last), below, last.toPrecision(4));
      },
    ),
  }),
  needing(['model', 'compiled'], {
    'compiled it has the gradients that it has eagerly': check(MEND, async ({ model }) => {
      const eager = await trajectory(model, eagerEngine, gradientItself, 1);
      const compiled = await trajectory(model, await compiledEngine(), gradientItself, 1);
      expectAgreement(compiled.parameters, eager.parameters, 1e-5, 'the gradients of the eager engine');
    }),
    'compiled it predicts the same': check(MEND, ({ model: build }) =>
      withModels([build()], async (model) => {
        const scorer = await (await compiledEngine()).score(model);
        try {
          const logits = await scorer.logits(tinyBatch(model, ROWS));
          expectAgreement(logits, logitsOf(model, ROWS), 1e-5, 'the logits of the model');
        } finally {
          await scorer.close();
        }
      }),
    ),
    'compiled it learns as it does eagerly': check(MEND, async ({ model }) => {
      const compiled = await trajectory(model, await compiledEngine());
      const { parameters } = await trajectory(model, eagerEngine);
      expectAgreement(compiled.parameters, parameters, 1e-4, `the parameters of the eager engine after ${STEPS} steps`);
    }),
  }),
];
