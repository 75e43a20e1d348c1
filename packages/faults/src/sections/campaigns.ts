import { printableLine } from '@polytask/components';
import { linelessTable } from '@polytask/study';
import { campaign, type CampaignReport } from '../campaign.ts';
import type { FaultFormat } from '../format.ts';
import { processLoader } from '../running/process-loader.ts';

const OUTCOMES = ['refused', 'same', 'changed', 'crash', 'hang'] as const;

/**
 * Damages the example of each format, and prints what reading the damaged files gave.
 *
 * @param minutes the time for all formats together
 * @returns the number of formats with a fault
 */
export async function runCampaigns(
  formats: readonly FaultFormat[],
  { seed, minutes }: { readonly seed: number; readonly minutes: number },
): Promise<number> {
  if (formats.length === 0) return 0;
  const budget = { runs: Infinity, milliseconds: (60_000 * minutes) / formats.length };
  const { load, close } = processLoader();
  const reports: CampaignReport[] = [];
  for (const format of formats) {
    process.stderr.write(`${format.name} …\n`);
    reports.push(await campaign(format, seed, budget, load));
  }
  close();

  const rows = reports.map(({ name, counts, finding }) => [
    name,
    ...OUTCOMES.map((kind) => String(counts[kind])),
    finding ? 'FAULT' : 'ok',
  ]);
  process.stdout.write(`${linelessTable([['format', ...OUTCOMES, `seed ${seed}`], ...rows])}\n`);
  const findings = reports.filter(({ finding }) => finding);
  for (const { name, finding } of findings) {
    const { damage, outcome } = finding!;
    const message = printableLine(outcome.message).slice(0, 300);
    process.stdout.write(`\n${name}: ${outcome.kind} ${message}\n  damage: ${damage}\n`);
  }
  return findings.length;
}
