import { groupBy } from '@polytask/components';
import type { Checked, Outcome } from './check.ts';

/** Counts what configurations showed. @param asked how many were to be compared */
export function reportText(all: readonly Outcome[], scorer: string, asked: number): string {
  const count = (kind: Outcome['kind']) => all.filter((outcome) => outcome.kind === kind).length;
  const refused = all.flatMap(({ kind, text }) => (kind === 'refused' ? [text] : []));
  const reasons = [...groupBy(refused, reasonOf).values()].sort((a, b) => b.length - a.length);
  return [
    `${all.length - refused.length} of ${asked} configurations compared, the others refused in each attempt; ONNX files scored by ${scorer}:`,
    `  ${count('agree')} agree`,
    `  ${count('amplified')} agree but for rounding that the optimizer or the model amplifies`,
    `  ${count('fault')} differ without an explanation`,
    `${refused.length} draws refused, by reason:`,
    ...reasons.map(([first, ...others]) => `  ${1 + others.length} × ${first!.slice(0, LONGEST)}`),
  ].join('\n');
}

const LONGEST = 240;

/** A message without its names and numbers. */
const reasonOf = (text: string): string => text.replace(/"[^"]*"|\[[^\]]*\]|-?\d[\d.e+-]*/g, '…').slice(0, 60);

/** A difference, and the command that repeats it. */
export function faultText({ place, configuration, outcome }: Checked): string {
  const command = place
    ? `npm run cross-check -- --seed ${place.seed} --configuration ${place.number}`
    : 'npm run cross-check -- --only JSON';
  const lines = [`${outcome.stage ?? 'training'}: ${outcome.text}`, command, JSON.stringify(configuration)];
  return lines.map((line) => `  ${line}\n`).join('');
}
