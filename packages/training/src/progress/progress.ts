import { createBar, hasTerminal, type Bar } from '#platform';

export type { Bar };

/** `auto`: a bar when stderr is a terminal. `true`: always, in Node. */
export type ProgressChoice = 'auto' | boolean;

const SILENT: Bar = { update() {}, stop() {} };

/** @param steps of the whole run; without them there is no bar */
export async function createProgress(choice: ProgressChoice, steps: number | undefined): Promise<Bar> {
  return steps !== undefined && (choice === true || (choice === 'auto' && hasTerminal())) ? createBar(steps) : SILENT;
}

/** What stands beside the bar: `epoch 2/10 · income 0.412 · married 0.203`. */
export const progressText = (epoch: number, epochs: number, losses: Readonly<Record<string, number>>): string =>
  [`epoch ${epoch}/${epochs}`, ...Object.entries(losses).map(([task, loss]) => `${task} ${loss.toFixed(4)}`)].join(
    ' · ',
  );
