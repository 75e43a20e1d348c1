import { parseArgs } from 'node:util';
import { checks } from '@polytask/core';
import { linelessTable, printableLine } from '@polytask/study';
import { campaign, type CampaignReport } from './campaign.ts';
import { formatOf, formats } from './formats.ts';
import { processLoader } from './running/process-loader.ts';

// npm run faults -- [--minutes N] [--seed S] [--only NAME,NAME]: damages files of each format, and prints what reading them gave.
// It exits with 1 after a fault: a crash, a hang, or another value in spite of a checksum.

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const minutes = Number(values.minutes);
checks.number('a number of minutes above 0', (value) => value > 0)(minutes, '--minutes');
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
checks.wholeNumber(0)(seed, '--seed');
const chosen = values.only === undefined ? formats : values.only.split(',').map((name) => formatOf(name.trim()));

const budget = { runs: Infinity, milliseconds: (60_000 * minutes) / chosen.length };
const reports: CampaignReport[] = [];
for (const format of chosen) {
  process.stderr.write(`${format.name} …\n`);
  const { load, close } = processLoader();
  reports.push(await campaign(format, seed, budget, load));
  close();
}

const kinds = ['refused', 'same', 'changed', 'crash', 'hang'] as const;
const rows = reports.map(({ name, counts, finding }) => [
  name,
  ...kinds.map((kind) => String(counts[kind])),
  finding ? 'FAULT' : 'ok',
]);
process.stdout.write(`${linelessTable([['format', ...kinds, `seed ${seed}`], ...rows])}\n`);
for (const { name, finding } of reports) {
  if (!finding) continue;
  const { damage, outcome } = finding;
  process.stdout.write(
    `\n${name}: ${outcome.kind} ${printableLine(outcome.message).slice(0, 300)}\n  damage: ${damage}\n`,
  );
}
if (reports.some(({ finding }) => finding)) process.exitCode = 1;
