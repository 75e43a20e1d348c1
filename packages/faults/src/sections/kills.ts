import { startEngine } from '@polytask/bench';
import { killAtEveryCall } from '../kills/every-call.ts';
import { loadWhileSaving, randomKills } from '../kills/random-kills.ts';
import { SCENARIOS } from '../kills/scenarios.ts';

/** How much {@link runKills} does. */
export interface KillCounts {
  /** The random kills of all jobs together. */
  readonly kills: number;
  /** The loads beside one writing process, and beside two. */
  readonly loads: number;
  readonly seed: number;
}

/**
 * Kills saves, checkpoints and results at every call that changes files, loads while others save, and kills jobs at random
 * moments. Prints a line for each.
 *
 * @returns the number of faults
 */
export async function runKills({ kills, loads, seed }: KillCounts): Promise<number> {
  await startEngine('cpu');
  let total = 0;
  const line = (name: string, tried: string, faults: readonly string[]) => {
    total += faults.length;
    process.stdout.write(`${name.padEnd(34)} ${tried.padEnd(34)} ${faults.length} faults\n`);
    for (const fault of new Set(faults)) process.stdout.write(`    ${fault}\n`);
  };
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    const report = await killAtEveryCall(scenario);
    line(name, `${report.kills} kills, at every call`, report.faults);
  }
  for (const writers of [1, 2]) {
    const faults = await loadWhileSaving(loads, writers);
    line('load while others save', `${loads} loads, ${writers} writers`, faults);
  }
  await randomKills(kills, seed, (job) =>
    line(job.job, `${job.kills} random kills, ${job.completions} completed`, job.faults),
  );
  return total;
}
