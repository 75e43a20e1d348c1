import { mapTexts, printableLine } from '@polytask/components';
import type { NamedTensor } from '@polytask/core';
import type { NamedTensors } from '@polytask/reference';
import { counted, linelessTable } from '@polytask/study';
import pc from 'picocolors';

export interface ReferenceError {
  readonly absolute: number;
  /** The error over the tensor's largest magnitude. Of several tensors, the largest. */
  readonly relative: number;
  readonly tensor: string;
  /** What the tolerance limits: `relative`; of gradients, whose terms may cancel, with a least divisor ({@link CANCELLED}). */
  readonly judged: number;
}

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
  /** The quantities whose error is past the tolerance. */
  readonly failed: readonly Quantity[];
}

/** A gradient's divisor is at least this share of the largest gradient, and of 1. */
const CANCELLED = 0.01;

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

/** The difference in one tensor. A missing expected tensor, such as the gradient of an unused parameter, counts as zeros. */
function differenceOf(tensor: string, expected: NamedTensor | undefined, { data }: NamedTensor) {
  let [absolute, magnitude] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const value = expected ? expected.data[i]! : 0;
    absolute = Math.max(absolute, Math.abs(data[i]! - value)); // keeps NaN
    magnitude = Math.max(magnitude, Math.abs(value));
  }
  return { tensor, absolute, magnitude };
}

function worst(differences: readonly ReturnType<typeof differenceOf>[], mayCancel: boolean): ReferenceError {
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

/** The quotient, with 0 / 0 = 0. */
const ratio = (error: number, magnitude: number): number => (error === 0 ? 0 : error / magnitude);

const greatest = (errors: readonly ReferenceError[], by: 'relative' | 'judged'): ReferenceError =>
  errors.reduce((most, error) => (error[by] > most[by] || Number.isNaN(error[by]) ? error : most));

export interface ReferenceLine extends Comparison {
  readonly case: string;
  readonly engine: string;
}

export function renderReference(given: readonly ReferenceLine[], { colors }: { colors: boolean }): string {
  const lines = mapTexts(given, printableLine);
  const paint = pc.createColors(colors);
  const engine = [...new Set(lines.map((line) => line.engine))].join(', ');
  const head = ['case', ...QUANTITIES.map(({ label }) => label)].map((title) => paint.dim(title));
  const rows = lines.map(({ case: name, errors, failed }) => [
    name,
    ...QUANTITIES.map(({ name: quantity }) => {
      const cell = errorText(errors[quantity]);
      return failed.includes(quantity) ? paint.red(`${cell} ✗`) : `${cell}  `;
    }),
  ]);
  const past = lines.filter(({ failed }) => failed.length > 0);
  const outcome = past.length === 0 ? 'all within the tolerance' : `${past.length} past the tolerance`;
  return [
    paint.bold(`${counted(lines.length, 'case')} on ${engine}: ${outcome}`),
    '',
    linelessTable([head, ...rows]),
    '',
    ...past.flatMap((line) =>
      line.failed.map((quantity) => `${line.case}: ${quantity} is off in ${line.errors[quantity].tensor}`),
    ),
    paint.dim("Absolute | relative to the tensor's largest magnitude, the worst of a case's tensors."),
    paint.dim(
      'A gradient counts to no less than a hundredth of 1 and of the largest one: ' +
        'smaller ones are what is left of larger terms.',
    ),
    paint.dim(
      `Tolerance, relative: ${QUANTITIES.filter(({ tolerance }) => tolerance < Infinity)
        .map(({ label, tolerance }) => `${label} ${tolerance}`)
        .join(', ')}.`,
    ),
    '',
  ].join('\n');
}

const errorText = ({ absolute, relative }: ReferenceError): string =>
  `${absolute.toExponential(1)} | ${relative.toExponential(1)}`;
