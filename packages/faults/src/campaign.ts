import fc from 'fast-check';
import { damaged, damages, type Damage } from './damage.ts';
import { type FaultFormat, isFinding, type Loader, type Outcome, OUTCOMES } from './format.ts';
import { printableLine, recordOf } from '@polytask/components';
import { linelessTable } from '@polytask/study';
import { processLoader } from './running/process-loader.ts';

/** Damages the example of each format in `minutes`, and prints the outcomes. @returns the number of formats with a fault */
export async function runCampaigns(
  formats: readonly FaultFormat[],
  { seed, minutes }: { readonly seed: number; readonly minutes: number },
): Promise<number> {
  if (formats.length === 0) return 0;
  const budget = { runs: Infinity, milliseconds: (60_000 * minutes) / formats.length };
  const { load, close } = processLoader();
  const reports: Awaited<ReturnType<typeof campaign>>[] = [];
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

/**
 * Damages the example of a format in random ways, and reads it, until the first end of its budget.
 *
 * @returns how often each outcome was seen, and the smallest damage that leads to a fault; undefined without one
 */
export async function campaign(
  format: FaultFormat,
  seed: number,
  { runs, milliseconds }: { readonly runs: number; readonly milliseconds: number },
  load: Loader,
) {
  const counts = recordOf(OUTCOMES, () => 0);
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
