import { parseArgs } from 'node:util';
import { checks } from '@polytask/core';
import { formatOf, formats } from './formats.ts';
import { runCampaigns } from './campaign.ts';
import { runNumbers } from './numbers.ts';
import { startEngine } from '@polytask/bench';
import { killAtEveryCall } from './kills/every-call.ts';
import { loadWhileSaving, randomKills } from './kills/random-kills.ts';
import { SCENARIOS } from './kills/scenarios.ts';

// npm run faults -- [--minutes N] [--seed S] [--only NAME,NAME] [--kills N] [--loads N]
// Damages files of each format, trains on extreme numbers, and kills processes. It prints what happened, and exits with 1 after a fault.

/** The names of `--only` beside those of the formats. */
const [NUMBERS, KILLS] = ['numbers', 'kills'];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string' },
    kills: { type: 'string', default: '200' },
    loads: { type: 'string', default: '600' },
  },
});

const minutes = Number(values.minutes);
checks.positive.read(minutes, '--minutes');
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const [kills, loads] = [Number(values.kills), Number(values.loads)];
for (const [name, value] of Object.entries({ seed, kills, loads })) checks.wholeNumber().read(value, `--${name}`);

const names = values.only?.split(',').map((name) => name.trim());
const chosenFormats = names?.filter((name) => name !== NUMBERS && name !== KILLS).map(formatOf) ?? formats;
const isChosen = (section: string): boolean => names === undefined || names.includes(section);

let faults = await runCampaigns(chosenFormats, { seed, minutes });
if (isChosen(NUMBERS!)) faults += await runNumbers();
if (isChosen(KILLS!)) faults += await runKills();
process.stdout.write(faults === 0 ? '\nNo fault.\n' : `\n${faults} faults.\n`);
if (faults > 0) process.exitCode = 1;

/** Kills at every call that changes files, loads while others save, and kills at random. @returns the number of faults */
async function runKills(): Promise<number> {
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
    line(job.name, `${job.kills} random kills, ${job.completions} completed`, job.faults),
  );
  return total;
}
