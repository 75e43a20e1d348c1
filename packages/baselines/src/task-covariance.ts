import { fail, type MultiTaskModel } from '@polytask/core';

/** How the tasks' parameters vary together, for one kernel. */
export interface TaskCovariance {
  /** The kernel, such as `levels.1.0.kernel`. */
  readonly of: string;
  readonly tasks: readonly string[];
  /** Σ_task = (Lᵀ L)⁻¹, up to a factor that the other covariances can take, [tasks][tasks]. */
  readonly covariance: number[][];
  /** The same with a diagonal of 1. */
  readonly correlation: number[][];
}

const NAME = /^(levels\.\d+)\.tensor-normal\.(.+)\.task$/;

/**
 * What a {@link relationshipNetwork} has learned of its tasks: one covariance for each kernel under the prior. Tasks that
 * correlate have kernels that vary alike.
 *
 * @throws PolytaskError when the model has no such prior
 * @example taskCovariance(model)[0].correlation // [[1, 0.6], [0.6, 1]]
 */
export function taskCovariance(model: MultiTaskModel): TaskCovariance[] {
  const found = model.store.all().flatMap(({ name, variable }) => {
    const match = NAME.exec(name);
    if (!match) return [];
    const raw = variable.arraySync() as number[][];
    const inverse = inverted(
      raw.map((row, r) => row.map((value, c) => (r === c ? Math.exp(value) : r > c ? value : 0))),
    );
    const covariance = raw.map((_, a) =>
      raw.map((__, b) => inverse[a]!.reduce((sum, value, k) => sum + value * inverse[b]![k]!, 0)),
    );
    const correlation = covariance.map((row, a) =>
      row.map((value, b) => value / Math.sqrt(covariance[a]![a]! * covariance[b]![b]!)),
    );
    return [{ of: `${match[1]}.${match[2]}`, tasks: model.taskNames, covariance, correlation }];
  });
  if (found.length > 0) return found;
  return fail({
    expected: 'a model whose tasks have a tensor-normal prior',
    received: `"${model.config.network.name}"`,
    mend: 'Build it with relationshipNetwork({ levels }), with experts that have kernels.',
  });
}

/** L⁻¹ of a lower triangular matrix, row by row. */
function inverted(l: readonly (readonly number[])[]): number[][] {
  const inverse = l.map((row) => row.map(() => 0));
  l.forEach((row, r) => {
    for (let c = 0; c <= r; c++) {
      const known = row.slice(0, r).reduce((sum, value, k) => sum + value * inverse[k]![c]!, 0);
      inverse[r]![c] = (Number(r === c) - known) / row[r]!;
    }
  });
  return inverse;
}
