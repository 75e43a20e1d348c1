import type { MultiTaskModel } from '@polytask/core';
import { defineOptimizer, eagerEngine, sgd, type Engine, type OptimizerSpec } from '@polytask/training';
import { expectThat } from '../cases/case.ts';
import { parametersOf } from '../probes/probe.ts';
import { logitsOf, tinyBatch } from '../tiny/tiny-model.ts';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { property } from '../subject.ts';

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

/** The parameters and buffers after the compared steps, and the losses of the first and the last step. */
interface Trajectory {
  readonly parameters: Numbers;
  readonly first: number;
  readonly last: number;
}

async function trajectory(
  model: MultiTaskModel,
  engine: Engine,
  optimizer: OptimizerSpec,
  steps: number,
  more: (losses: { first: number; last: number }) => boolean = () => false,
): Promise<Trajectory> {
  try {
    const step = await engine.train(model, { optimizer, clip: {} });
    const batch = withMissingLabel(model);
    let [first, last, parameters] = [NaN, NaN, {} as Numbers];
    try {
      for (let done = 1; done <= steps || (done <= MOST_STEPS && more({ first, last })); done++) {
        last = (await step.run(batch, RATE)).total;
        if (done === 1) first = last;
        if (done !== steps) continue;
        await step.flush();
        parameters = parametersOf(model.store);
      }
    } finally {
      await step.close();
    }
    return { parameters, first, last };
  } finally {
    model.dispose();
  }
}

/** A batch whose first task has no label in its second row. */
function withMissingLabel(model: MultiTaskModel) {
  const batch = tinyBatch(model, ROWS);
  batch.labels[1] = NaN;
  batch.weights[1] = 0;
  return batch;
}

/** The compiled engine. It is imported on demand, because it needs an ONNX Runtime. */
const compiledEngine = async (): Promise<Engine> => (await import('@polytask/training/compiled')).compiledEngine();

const hasLearned = ({ first, last }: { first: number; last: number }): boolean => last < LOSS_SHARE * first;

/** What a component promises on the engines. */
export const ENGINE_PROPERTIES = [
  property(
    'it learns',
    "Check that the outputs reach the tasks' lanes, and that gradients neither vanish nor explode.",
    ['model'],
    async ({ model }) => {
      const { first, last } = await trajectory(model(), eagerEngine, DESCENT, STEPS, (losses) => !hasLearned(losses));
      const steps = `after ${MOST_STEPS} steps of gradient descent from ${first.toPrecision(4)}`;
      const isLower = hasLearned({ first, last });
      expectThat(isLower, `a loss below ${(LOSS_SHARE * first).toPrecision(4)} ${steps}`, last.toPrecision(4));
    },
  ),
  property('compiled it has the gradients that it has eagerly', MEND, ['model', 'compiled'], async ({ model }) => {
    const eager = await trajectory(model(), eagerEngine, gradientItself, 1);
    const compiled = await trajectory(model(), await compiledEngine(), gradientItself, 1);
    expectAgreement(compiled.parameters, eager.parameters, 1e-5, 'the gradients of the eager engine');
  }),
  property('compiled it predicts the same', MEND, ['model', 'compiled'], async ({ model: build }) => {
    const model = build();
    try {
      const scorer = await (await compiledEngine()).score(model);
      try {
        const logits = await scorer.logits(tinyBatch(model, ROWS));
        expectAgreement(logits, logitsOf(model, ROWS), 1e-5, 'the logits of the model');
      } finally {
        await scorer.close();
      }
    } finally {
      model.dispose();
    }
  }),
  property('compiled it learns as it does eagerly', MEND, ['model', 'compiled'], async ({ model }) => {
    const compiled = await trajectory(model(), await compiledEngine(), DESCENT, STEPS);
    const { parameters } = await trajectory(model(), eagerEngine, DESCENT, STEPS);
    expectAgreement(compiled.parameters, parameters, 1e-4, `the parameters of the eager engine after ${STEPS} steps`);
  }),
];
