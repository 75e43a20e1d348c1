import type { Checked } from './check.ts';

/** Counts what configurations showed. */
export class CrossCheckReport {
  readonly #counts = { agree: 0, amplified: 0, refused: 0, fault: 0 };
  readonly #reasons = new Map<string, { count: number; text: string }>();

  add({ outcome }: Checked): void {
    this.#counts[outcome.kind]++;
    if (outcome.kind !== 'refused') return;
    const reason = reasonOf(outcome.text);
    const known = this.#reasons.get(reason);
    this.#reasons.set(reason, { count: (known?.count ?? 0) + 1, text: known?.text ?? outcome.text });
  }

  /** How many differ without an explanation. */
  get faults(): number {
    return this.#counts.fault;
  }

  /** @param scorer what scored the ONNX files @param asked how many configurations were to be compared */
  text(scorer: string, asked: number): string {
    const { agree, amplified, refused, fault } = this.#counts;
    const compared = agree + amplified + fault;
    const reasons = [...this.#reasons.values()].sort((a, b) => b.count - a.count);
    return [
      `${compared} of ${asked} configurations compared, the others refused in each attempt; ONNX files scored by ${scorer}:`,
      `  ${agree} agree`,
      `  ${amplified} agree but for rounding that the optimizer or the model amplifies`,
      `  ${fault} differ without an explanation`,
      `${refused} draws refused, by reason:`,
      ...reasons.map(({ count, text }) => `  ${count} × ${text.slice(0, LONGEST)}`),
    ].join('\n');
  }
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
