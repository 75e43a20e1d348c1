import type { MultiTaskModel } from '@polytask/core';
import { defineOptimizer, eagerEngine, sgd, type Engine, type OptimizerSpec } from '@polytask/training';
import { broken } from '../cases/case.ts';
import { parametersOf } from '../probes/probe.ts';
import { logitsOf, tinyBatch } from '../tiny/tiny-model.ts';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';

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

/** One step has the same gradients and buffers on the eager and the compiled engine, to 1e-5 of the largest number. */
export async function checkCompiledGradients(build: () => MultiTaskModel): Promise<void> {
  const eager = await trajectory(build(), eagerEngine, gradientItself, 1);
  const compiled = await trajectory(build(), await compiledEngine(), gradientItself, 1);
  expectAgreement(compiled.parameters, eager.parameters, 1e-5, {
    what: 'the gradients of the eager engine',
    fix: MEND,
  });
}

/** 20 steps end at the same parameters on both engines, to 1e-4 of the largest number. */
export async function checkCompiledTrajectory(build: () => MultiTaskModel): Promise<void> {
  const compiled = await trajectory(build(), await compiledEngine(), DESCENT, STEPS);
  expectAgreement(compiled.parameters, (await trajectory(build(), eagerEngine, DESCENT, STEPS)).parameters, 1e-4, {
    what: `the parameters of the eager engine after ${STEPS} steps`,
    fix: MEND,
  });
}

/** The compiled model has the logits of the model, to 1e-5 of the largest. */
export async function checkCompiledLogits(build: () => MultiTaskModel): Promise<void> {
  const model = build();
  try {
    const scorer = await (await compiledEngine()).score(model);
    try {
      const logits = await scorer.logits(tinyBatch(model, ROWS));
      expectAgreement(logits, logitsOf(model, ROWS), 1e-5, { what: 'the logits of the model', fix: MEND });
    } finally {
      await scorer.close();
    }
  } finally {
    model.dispose();
  }
}

/** Gradient descent lowers the training loss further than the heads' biases alone could, in 20 to 50 steps. */
export async function checkLearning(build: () => MultiTaskModel): Promise<void> {
  const { first, last } = await trajectory(build(), eagerEngine, DESCENT, STEPS, (losses) => !hasLearned(losses));
  if (hasLearned({ first, last })) return;
  broken({
    expected:
      `a loss below ${(LOSS_SHARE * first).toPrecision(4)} ` +
      `after ${MOST_STEPS} steps of gradient descent from ${first.toPrecision(4)}`,
    seen: last.toPrecision(4),
    fix: "Check that the outputs reach the tasks' lanes, and that gradients neither vanish nor explode.",
  });
}
