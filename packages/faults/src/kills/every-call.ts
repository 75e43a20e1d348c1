import { cpSync } from 'node:fs';
import { inDirectory } from '../formats/temporary-files.ts';
import { killedAt, MOMENTS } from './killable-disk.ts';
import type { Scenario } from './scenarios.ts';

/**
 * Runs a scenario again and again, and kills it before, within and after each call that changes files, and with a power cut too. After
 * each kill, the state must be a whole one, and the repeated action must end as if it had not been killed.
 *
 * @param stride 1 tries every place, 3 every third
 * @returns the number of kills, and after which the state was neither of the whole ones, or the repeated action ended otherwise
 */
export const killAtEveryCall = (scenario: Scenario, stride = 1) =>
  inDirectory({}, async (prepared) => {
    await scenario.prepare?.(prepared);
    return killCopies(prepared, scenario, stride);
  });

async function killCopies(prepared: string, { act, state, between = 0 }: Scenario, stride: number) {
  const faults: string[] = [];
  const states = new Set<string>();
  const inCopy = (use: (directory: string) => Promise<void>): Promise<void> =>
    inDirectory({}, (directory) => {
      cpSync(prepared, directory, { recursive: true });
      return use(directory);
    });
  const whole = { at: Infinity, moment: 'before' } as const;

  let [before, after] = ['', ''];
  let calls: string[] = [];
  await inCopy(async (directory) => {
    before = await state(directory);
    calls = await killedAt(directory, whole, () => act(directory));
    after = await state(directory);
  });
  const points = calls.flatMap((name, at) =>
    MOMENTS.filter((moment) => moment !== 'within' || name === 'writeFile').flatMap((moment) =>
      [false, true].map((power) => ({ at, moment, power, place: `killed ${moment} ${name}, call ${at}` })),
    ),
  );
  const tried = points.filter((_, i) => i % stride === 0);
  for (const { place, ...kill } of tried) {
    const where = `${place}${kill.power ? ', with a power cut' : ''}`;
    await inCopy(async (directory) => {
      await killedAt(directory, kill, () => act(directory));
      states.add(await state(directory));
      await killedAt(directory, whole, () => act(directory));
      if ((await state(directory)) !== after) faults.push(`${where}: repeated, it ends otherwise`);
    }).catch((error: Error) => faults.push(`${where}: ${error.message}`));
  }
  states.delete(before);
  states.delete(after);
  if (states.size > between) faults.push(`${states.size} states that are neither the one before nor the one after`);
  return { kills: tried.length, faults };
}
