import fc from 'fast-check';
import { damaged, damages, type Damage } from './damage.ts';
import { type FaultFormat, isFinding, type Loader, type Outcome } from './format.ts';
import { printableLine } from '@polytask/components';
import { linelessTable } from '@polytask/study';
import { processLoader } from './running/process-loader.ts';

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

/** How long a campaign on a format runs: until the first of the two. */
export interface CampaignBudget {
  readonly runs: number;
  readonly milliseconds: number;
}

/** What a campaign on a format found. */
export interface CampaignReport {
  readonly name: string;
  readonly counts: Readonly<Record<Outcome['kind'], number>>;
  /** The smallest damage that leads to a fault, and the fault. Undefined where there is none. */
  readonly finding: { readonly damage: string; readonly outcome: Outcome } | undefined;
}

/** Damages the example of a format in random ways, and reads it. After a fault, looks for the smallest damage that leads to one. */
export async function campaign(
  format: FaultFormat,
  seed: number,
  { runs, milliseconds }: CampaignBudget,
  load: Loader,
): Promise<CampaignReport> {
  const counts: Record<Outcome['kind'], number> = { same: 0, refused: 0, changed: 0, crash: 0, hang: 0 };
  const files = await format.example();
  const whole = await format.load(files).catch((error: unknown) => error as Error);
  const first: Outcome =
    // the start of a process takes none of the time
    whole instanceof Error ? { kind: 'crash', message: whole.message } : await load(format, files, whole);
  if (whole instanceof Error || first.kind !== 'same')
    return { name: format.name, counts, finding: { damage: 'none', outcome: first } };
  let fault: { changes: readonly Damage[]; outcome: Outcome } | undefined;
  let reading: Promise<Outcome> | undefined;
  const holds = fc.asyncProperty(damages, async (changes) => {
    reading = load(format, damaged(files, changes), whole);
    const outcome = await reading;
    counts[outcome.kind]++;
    if (!isFinding(outcome, format)) return true;
    fault = { changes, outcome };
    return false;
  });
  const { counterexample } = await fc.check(holds, {
    ...{ seed, numRuns: runs, interruptAfterTimeLimit: milliseconds, markInterruptAsFailure: false },
  });
  await reading; // the time may be over while a file is read
  const damage = JSON.stringify(counterexample?.[0] ?? fault?.changes);
  return { name: format.name, counts, finding: fault && { damage, outcome: fault.outcome } };
}
