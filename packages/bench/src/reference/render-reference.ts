import { counted } from '@polytask/study';
import { mapTexts, printableLine } from '@polytask/components/internal';
import { linelessTable } from '@polytask/study/internal';
import pc from 'picocolors';
import { QUANTITIES, type Comparison, type ReferenceError } from './compare-case.ts';

/** The comparison of one case on one engine. */
export interface ReferenceLine extends Comparison {
  readonly case: string;
  readonly engine: string;
}

/** Renders comparisons as text for a terminal: the largest error of each quantity, absolute and relative. */
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
