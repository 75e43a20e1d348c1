import { parseArgs } from 'node:util';
import { checks } from '@polytask/core';
import { formatOf, formats } from './formats.ts';
import { runCampaigns } from './sections/campaigns.ts';
import { runKills } from './sections/kills.ts';
import { runNumbers } from './sections/numbers.ts';

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
if (isChosen(KILLS!)) faults += await runKills({ kills, loads, seed });
process.stdout.write(faults === 0 ? '\nNo fault.\n' : `\n${faults} faults.\n`);
if (faults > 0) process.exitCode = 1;
