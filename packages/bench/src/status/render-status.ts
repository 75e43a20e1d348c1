import { mapTexts, printableLine, sum } from '@polytask/components';
import { counted } from '@polytask/study';
import { formatCount, formatSpan, linelessTable } from '@polytask/study/internal';
import type { Status, StudyProgress } from './status.ts';

/** How many running and failed trials the text has. `--json` has all. */
const MOST = 20;

/** A status as text for a terminal. */
export function renderStatus(status: Status): string {
  const { studies, workers, waiting, running, failed } = mapTexts(status, printableLine);
  const parts = [
    studies.length === 0 ? 'No coordinator is there.' : studies.map(studyLine).join('\n'),
    workers && workersLine(workers, waiting ?? 0),
    section(
      `Running: ${counted(running.length, 'trial')}`,
      running.map(({ trial, where, epoch }) => [trial, epoch === undefined ? '' : `epoch ${epoch}`, where]),
    ),
    section(
      `Failed: ${counted(failed.length, 'trial')}`,
      failed.map(({ trial, why }) => [`${trial}: ${why}`]),
    ),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

function studyLine({ title, total, done, failed, perHour, secondsLeft }: StudyProgress): string {
  const share = total === 0 ? 0 : Math.floor((100 * done) / total);
  return [
    `${title}: ${formatCount(done)} of ${counted(total, 'trial')} done (${share}%)`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(perHour === undefined ? [] : [`${formatCount(Math.round(perHour))} an hour`]),
    ...(secondsLeft === undefined || secondsLeft <= 0 ? [] : [`about ${formatSpan(secondsLeft)} left`]),
  ].join(', ');
}

function workersLine(workers: NonNullable<Status['workers']>, waiting: number): string {
  const processes = sum(workers.map((worker) => worker.processes));
  const ofProcesses = workers.length === 0 ? '' : ` for ${counted(processes, 'trial')} at a time`;
  return `${counted(workers.length, 'worker')}${ofProcesses}; ${counted(waiting, 'trial')} in the queue`;
}

function section(title: string, rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const more = rows.length > MOST ? `\n… and ${formatCount(rows.length - MOST)} more` : '';
  return `${title}\n${linelessTable(rows.slice(0, MOST))}${more}`;
}
