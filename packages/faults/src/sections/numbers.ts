import { PolytaskError } from '@polytask/core';
import { printableLine } from '@polytask/study';
import { numbersCases, numbersEngines, trainCase } from '../numbers.ts';

/** Trains on extreme numbers with each engine, and prints a line for each case. @returns the number of faults */
export async function runNumbers(): Promise<number> {
  let faults = 0;
  for (const [engine, makeEngine] of Object.entries(numbersEngines)) {
    for (const each of numbersCases) {
      const outcome = await trainCase(each, makeEngine()).catch((error: unknown) => error as Error);
      const text = textOf(outcome);
      if (text.startsWith('FAULT')) faults++;
      process.stdout.write(`numbers, ${engine}, ${each.name}: ${printableLine(text)}\n`);
    }
  }
  return faults;
}

function textOf(outcome: readonly number[] | Error): string {
  if (outcome instanceof PolytaskError) return `refused: ${outcome.message}`;
  if (!(outcome instanceof Error) && outcome.every(Number.isFinite)) return 'ok';
  return `FAULT: ${String(outcome).slice(0, 200)}`;
}
