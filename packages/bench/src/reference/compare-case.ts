import type { NamedTensor } from '@polytask/core';
import type { NamedTensors } from '@polytask/reference';

/** The largest error of a quantity. */
export interface ReferenceError {
  readonly absolute: number;
  /** To the tensor's largest magnitude; of many tensors the worst. */
  readonly relative: number;
  /** The tensor that it is in. */
  readonly tensor: string;
}

/** What is compared, in the order of the table, and what may differ, relatively. */
export const QUANTITIES = [
  { name: 'logits', label: 'logits', tolerance: 1e-5 },
  { name: 'task_losses', label: 'task losses', tolerance: 1e-5 },
  { name: 'gradients', label: 'gradients', prefix: 'grad.', tolerance: 1e-5 },
  { name: 'loss_curve', label: 'loss curve', tolerance: 1e-4 },
  { name: 'trained_logits', label: 'trained logits', tolerance: Infinity },
] as const;

export type Quantity = (typeof QUANTITIES)[number]['name'];

export interface Comparison {
  readonly errors: Readonly<Record<Quantity, ReferenceError>>;
  /** The quantities past their tolerance. */
  readonly failed: readonly Quantity[];
}

/** What the library computed against what was computed here. */
export function compareCase(expected: NamedTensors, computed: NamedTensors): Comparison {
  const errors = QUANTITIES.map((quantity) => {
    const names = 'prefix' in quantity ? Object.keys(computed).filter((name) => name.startsWith(quantity.prefix)) : [quantity.name];
    return [quantity.name, worst(names.map((name) => errorOf(name, expected[name], computed[name]!)))] as const;
  });
  const failed = QUANTITIES.filter(({ tolerance }, i) => !(errors[i]![1].relative <= tolerance)).map(({ name }) => name);
  return { errors: Object.fromEntries(errors) as Comparison['errors'], failed };
}

/** Of a tensor that isn't there, such as the gradient of a parameter that nothing depends on, all numbers are 0. */
function errorOf(tensor: string, expected: NamedTensor | undefined, { data }: NamedTensor): ReferenceError {
  let [absolute, magnitude] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const value = expected ? expected.data[i]! : 0;
    const error = Math.abs(data[i]! - value);
    if (!(error <= absolute)) absolute = error; // NaN stays
    magnitude = Math.max(magnitude, Math.abs(value));
  }
  return { absolute, relative: absolute === 0 ? 0 : absolute / magnitude, tensor };
}

const worst = (errors: readonly ReferenceError[]): ReferenceError =>
  errors.reduce((most, error) => (error.relative > most.relative || Number.isNaN(error.relative) ? error : most));
