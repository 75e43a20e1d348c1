import { fail, shown } from '@polytask/components';
import type { Gradients, Jacobian, TaskLosses, Seen } from './contracts.ts';

const DIVERGED = 'Look for a diverged model: lower the learning rate, or clip the gradients.';

/** Checks the losses of all tasks, and fills in `present`. */
export function checkLosses<I extends TaskLosses>(input: I | undefined, tasks: readonly string[]): Seen<I> {
  if (!Array.isArray(input?.losses))
    fail({ expected: 'the losses of the step', received: shown(input), fix: 'Pass { losses }, one a task.' });
  const { losses, present = tasks.map(() => true) } = input;
  if (losses.length !== tasks.length || present.length !== tasks.length) {
    const received = losses.length === tasks.length ? `${present.length} marks of presence` : String(losses.length);
    fail({
      expected: `${tasks.length} losses (${tasks.join(', ')})`,
      received,
      fix: 'Pass one a task, in their order.',
    });
  }
  const bad = losses.findIndex((loss, i) => present[i] && !Number.isFinite(loss));
  if (bad >= 0)
    fail({ expected: `a finite loss of task "${tasks[bad]}"`, received: String(losses[bad]), fix: DIVERGED });
  return { ...input, present };
}

/** Checks the losses and the inner products of the gradients. */
export function checkGramian(input: Gradients, tasks: readonly string[]): Seen<Gradients> {
  const checked = checkLosses(input, tasks);
  const { gramian } = input;
  const count = tasks.length;
  if (!Array.isArray(gramian) || gramian.length !== count || gramian.some((row) => row.length !== count)) {
    const received = Array.isArray(gramian) ? `[${gramian.length}][${gramian[0]?.length ?? 0}]` : shown(gramian);
    fail({
      expected: `a Gramian [${count}][${count}]`,
      received,
      fix: 'Pass the inner products of the gradients of all tasks.',
    });
  }
  input.gramian.forEach((row, i) =>
    row.forEach((product, j) => {
      if (Number.isFinite(product) && (i !== j || product >= 0)) return;
      const what =
        i === j
          ? `a squared norm of 0 or more of task "${tasks[i]}"`
          : `a finite inner product of "${tasks[i]}" and "${tasks[j]}"`;
      fail({ expected: what, received: String(product), fix: DIVERGED });
    }),
  );
  return checked;
}

/** Checks the losses and the gradients. */
export function checkJacobian(input: Jacobian, tasks: readonly string[]): Seen<Jacobian> {
  const checked = checkLosses(input, tasks);
  const { jacobian } = input;
  const lengths = [...new Set(jacobian.map(({ length }) => length))];
  if (jacobian.length !== tasks.length || lengths.length !== 1) {
    fail({
      expected: `${tasks.length} gradients of one length (${tasks.join(', ')})`,
      received: `${jacobian.length} of length ${lengths.join(', ') || '0'}`,
      fix: 'Pass one a task, over the same parameters.',
    });
  }
  return checked;
}

/** Checks the weights that a rule returned. A rule that a user defines can return invalid weights. */
export function checkWeights(weights: readonly number[], tasks: readonly string[], kind: string): number[] {
  if (weights.length === tasks.length && weights.every(Number.isFinite)) return [...weights];
  fail({
    expected: `${kind} to give ${tasks.length} finite weights`,
    received: shown(weights.map(String)),
    fix: 'Look at what it was given: a loss of 0, or gradients that cancel.',
  });
}
