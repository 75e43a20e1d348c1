import { parseArgs } from 'node:util';
import { checks, PolytaskError } from '@polytask/core';
import { linelessTable, printableLine } from '@polytask/study';
import { campaign, type CampaignReport } from './campaign.ts';
import { formatOf, formats } from './formats.ts';
import { numbersCases, numbersEngines, trainCase } from './numbers.ts';
import { processLoader } from './running/process-loader.ts';

// npm run faults -- [--minutes N] [--seed S] [--only NAME,NAME]: damages files of each format, and prints what reading them gave.
// It exits with 1 after a fault: a crash, a hang, or another value in spite of a checksum.

/** The cases of `numbers.ts`, by this name of `--only`. */
const NUMBERS = 'numbers';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const minutes = Number(values.minutes);
checks.number('a number of minutes above 0', (value) => value > 0)(minutes, '--minutes');
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
checks.wholeNumber(0)(seed, '--seed');
const names = values.only?.split(',').map((name) => name.trim());
const chosen = names ? names.filter((name) => name !== NUMBERS).map(formatOf) : formats;

const budget = { runs: Infinity, milliseconds: (60_000 * minutes) / Math.max(1, chosen.length) };
const { load, close } = processLoader();
const reports: CampaignReport[] = [];
for (const format of chosen) {
  process.stderr.write(`${format.name} …\n`);
  reports.push(await campaign(format, seed, budget, load));
}
close();

const kinds = ['refused', 'same', 'changed', 'crash', 'hang'] as const;
const rows = reports.map(({ name, counts, finding }) => [
  name,
  ...kinds.map((kind) => String(counts[kind])),
  finding ? 'FAULT' : 'ok',
]);
if (rows.length > 0) process.stdout.write(`${linelessTable([['format', ...kinds, `seed ${seed}`], ...rows])}\n`);
for (const { name, finding } of reports) {
  if (!finding) continue;
  const { damage, outcome } = finding;
  process.stdout.write(
    `\n${name}: ${outcome.kind} ${printableLine(outcome.message).slice(0, 300)}\n  damage: ${damage}\n`,
  );
}

let isWrong = reports.some(({ finding }) => finding);
for (const [engine, makeEngine] of Object.entries(!names || names.includes(NUMBERS) ? numbersEngines : {})) {
  for (const each of numbersCases) {
    const outcome = await trainCase(each, makeEngine()).catch((error: unknown) => error as Error);
    const isFinite = Array.isArray(outcome) && outcome.every(Number.isFinite);
    const isRefused = outcome instanceof PolytaskError;
    isWrong ||= !isFinite && !isRefused;
    const text = isFinite
      ? 'ok'
      : isRefused
        ? `refused: ${outcome.message}`
        : `FAULT: ${String(outcome).slice(0, 200)}`;
    process.stdout.write(`numbers, ${engine}, ${each.name}: ${printableLine(text)}\n`);
  }
}
if (isWrong) process.exitCode = 1;
