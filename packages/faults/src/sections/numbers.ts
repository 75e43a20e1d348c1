import { printableLine } from '@polytask/components';
import { checkNumbers, numbersCases } from '../numbers.ts';

/** Trains on extreme numbers with each engine, and prints a line for each case. @returns the number of faults */
export async function runNumbers(): Promise<number> {
  let faults = 0;
  for (const each of numbersCases) {
    const { refusal, fault } = await checkNumbers(each);
    if (fault !== undefined) faults++;
    const text = fault === undefined ? (refusal === '' ? 'ok' : `refused: ${refusal}`) : `FAULT: ${fault}`;
    process.stdout.write(`numbers, ${each.name}: ${printableLine(text)}\n`);
  }
  return faults;
}
