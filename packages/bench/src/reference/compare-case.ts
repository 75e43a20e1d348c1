import type { NamedTensor } from '@polytask/core';
import type { NamedTensors } from '@polytask/reference';

/** The largest error of a quantity. */
export interface ReferenceError {
  readonly absolute: number;
  /** To the tensor's largest magnitude; of many tensors the worst. */
  readonly relative: number;
  /** The tensor that it is in. */
  readonly tensor: string;
  /**
   * What the tolerance is for. A gradient is a sum over rows of terms that may cancel; what is left of them has no five
   * digits in float32, PyTorch's neither. So a gradient's error is taken to the tensor's largest magnitude, but to no less
   * than a hundredth of the case's largest gradient and of 1, which is what a row's σ(z) − y can be. Else as `relative`.
   */
  readonly judged: number;
}

/** What is compared, in the order of the table, and what may differ. */
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

const CANCELLED = 0.01;

/** What the library computed against what was computed here. */
export function compareCase(expected: NamedTensors, computed: NamedTensors): Comparison {
  const errors = QUANTITIES.map((quantity) => {
    const names =
      'prefix' in quantity ? Object.keys(computed).filter((name) => name.startsWith(quantity.prefix)) : [quantity.name];
    return [
      quantity.name,
      worst(
        names.map((name) => differenceOf(name, expected[name], computed[name]!)),
        'prefix' in quantity,
      ),
    ] as const;
  });
  const failed = QUANTITIES.filter(({ tolerance }, i) => !(errors[i]![1].judged <= tolerance)).map(({ name }) => name);
  return { errors: Object.fromEntries(errors) as Comparison['errors'], failed };
}

interface Difference {
  readonly tensor: string;
  readonly absolute: number;
  readonly magnitude: number;
}

/** Of a tensor that isn't there, such as the gradient of a parameter that nothing depends on, all numbers are 0. */
function differenceOf(tensor: string, expected: NamedTensor | undefined, { data }: NamedTensor): Difference {
  let [absolute, magnitude] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const value = expected ? expected.data[i]! : 0;
    absolute = Math.max(absolute, Math.abs(data[i]! - value)); // NaN stays
    magnitude = Math.max(magnitude, Math.abs(value));
  }
  return { tensor, absolute, magnitude };
}

function worst(differences: readonly Difference[], mayCancel: boolean): ReferenceError {
  const least = mayCancel ? CANCELLED * Math.max(1, ...differences.map(({ magnitude }) => magnitude)) : 0;
  const errors = differences.map(({ tensor, absolute, magnitude }) => ({
    tensor,
    absolute,
    relative: ratio(absolute, magnitude),
    judged: ratio(absolute, Math.max(magnitude, least)),
  }));
  const { absolute, relative, tensor } = greatest(errors, 'relative');
  return { absolute, relative, tensor, judged: greatest(errors, 'judged').judged };
}

/** 0 for 0 / 0. */
const ratio = (error: number, magnitude: number): number => (error === 0 ? 0 : error / magnitude);

const greatest = (errors: readonly ReferenceError[], by: 'relative' | 'judged'): ReferenceError =>
  errors.reduce((most, error) => (error[by] > most[by] || Number.isNaN(error[by]) ? error : most));
