import { parseArgs } from 'node:util';
import { startEngine } from '@polytask/bench';
import { killAtEveryCall } from './kills/every-call.ts';
import { loadWhileSaving, randomKills } from './kills/random-kills.ts';
import { SCENARIOS } from './kills/scenarios.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'kills' },
    kills: { type: 'string', default: '200' },
    loads: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
  },
});
if (values.only !== 'kills') throw new Error(`Expected --only kills, received "${values.only}".`);

await startEngine('cpu');
let faulty = 0;
const line = (name: string, tried: string, faults: readonly string[]) => {
  faulty += faults.length;
  process.stdout.write(`${name.padEnd(34)} ${tried.padEnd(34)} ${faults.length} faults\n`);
  for (const fault of new Set(faults)) process.stdout.write(`    ${fault}\n`);
};
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  const { kills, faults } = await killAtEveryCall(scenario);
  line(name, `${kills} kills, at every call`, faults);
}
for (const writers of [1, 2]) {
  const faults = await loadWhileSaving(Number(values.loads), writers);
  line('load while others save', `${values.loads} loads, ${writers} writers`, faults);
}
await randomKills(Number(values.kills), Number(values.seed), ({ job, kills, completions, faults }) =>
  line(job, `${kills} random kills, ${completions} completed`, faults),
);
process.exitCode = faulty > 0 ? 1 : 0;
