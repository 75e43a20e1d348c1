import { chooseColumn } from './choose-column.ts';
import type { ColumnProfile } from './column-profile.ts';
import { meaningOf, type LabelTask } from './label-task.ts';
import { namesCensoring, namesDuration, namesEvent } from '../words/name-words.ts';
import { presentNumbers } from './number-column.ts';
import { cell, listed, percent, short } from '../words/words.ts';

/** A column of times until an event, with the flag of the event beside it. */
export interface EventTimes {
  readonly times: ColumnProfile;
  readonly event: ColumnProfile;
  readonly task: LabelTask;
}

/** With fewer different times or fewer events, there is nothing to find cut points between. */
const LEAST = 10;

/** The only pair of neighboring columns whose names and values are those of a time and its event; undefined where there are none, or several. */
export function eventTimes(profiles: readonly ColumnProfile[]): EventTimes | undefined {
  const pairs = profiles.flatMap((times, i) =>
    [profiles[i - 1], profiles[i + 1]].flatMap((event) => (event && pairOf(times, event)) ?? []),
  );
  return pairs.length === 1 ? pairs[0] : undefined;
}

function pairOf(times: ColumnProfile, event: ColumnProfile): EventTimes | undefined {
  if (!namesDuration(times.name) || !namesEvent(event.name) || !measuresTimes(times)) return undefined;
  const isCensoring = namesCensoring(event.name);
  const meanings = [...event.counts.keys()].map(meaningOf);
  const happened = [...event.counts.keys()].filter((_, i) => meanings[i] === (isCensoring ? 0 : 1));
  const events = happened.reduce((sum, text) => sum + event.counts.get(text)!, 0);
  if (meanings.includes(undefined) || events < LEAST || events === event.present) return undefined;
  const isDefault = happened.every((text) => ['1', 'true'].includes(text.toLowerCase()));
  const positive = happened.length === 1 ? happened[0] : happened;
  const [least, greatest] = [presentNumbers(times)[0]!, presentNumbers(times).at(-1)!];
  const how = [
    `Times from ${short(least)} to ${short(greatest)}.`,
    `The event is ${listed(happened.map(cell))} in \`${event.name}\`: ${percent(events, event.present)} of the rows.`,
    `The others are censored. For yes or no, name \`${event.name}\` with \`tasks\`.`,
  ];
  const task = { kind: 'survival', event: event.name, ...(!isDefault && { positive }) };
  return { times, event, task: { kind: 'survival', label: 'time', task, how: how.join(' ') } };
}

/** Whether a column has times of rows, none below 0. A column in order is a clock. */
function measuresTimes(profile: ColumnProfile): boolean {
  const { counts, missing, numbers, present } = profile;
  if (!numbers || counts.size < LEAST || missing > present) return false;
  if (presentNumbers(profile)[0]! < 0 || chooseColumn(profile).use === 'left-out') return false;
  const steps = numbers
    .filter((value) => !Number.isNaN(value))
    .map((value, i, all) => Math.sign(value - (all[i - 1] ?? value)));
  return steps.includes(1) && steps.includes(-1);
}
