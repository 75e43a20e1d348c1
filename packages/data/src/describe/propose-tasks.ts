import { countsOf, sum, checkKnown } from '@polytask/components';
import { fail } from '@polytask/core';
import { tableFinding, type TableFinding } from '../sampling/table-sample.ts';
import { namesCensoring, namesFlag, namesId, namesLabel, namesPart, namesTimeOf } from '../words/name-words.ts';
import { cell, listed, percent, short } from '../words/words.ts';
import { chooseColumn } from './choose-column.ts';
import { isYear, type ColumnProfile } from './column-profile.ts';
import { labelTask, type LabelTask, meaningOf } from './label-task.ts';
import { presentNumbers } from './number-column.ts';

export interface ProposedLabel extends LabelTask {
  readonly profile: ColumnProfile;
  /** A second column that the label is read from: whether the event happened at its time. */
  readonly event?: ColumnProfile;
  readonly why: string;
}

/** A label as its columns: a time until an event is a number, and a yes or no. */
export const columnsOf = (label: ProposedLabel): readonly ProposedLabel[] =>
  label.event
    ? [
        { ...label, label: 'number' },
        { ...label, label: 'yes-no', profile: label.event },
      ]
    : [label];

interface Proposal {
  readonly labels: readonly ProposedLabel[];
  readonly warnings: readonly TableFinding[];
}

/** Up to this number of columns after the last label are labels, too. */
const MOST_TRAILING = 2;
const MOST_SHOWN = 6;

/** Proposes the columns that a user named. */
export function namedTasks(names: readonly string[], profiles: readonly ColumnProfile[], place: string): Proposal {
  const pairs = eventTimes(profiles);
  const labels = names.map((name): ProposedLabel => {
    const pair = pairs.find((each) => each.profile.name === name);
    if (pair && !names.includes(pair.event.name)) return { ...pair, why: 'You named it.' };
    const known = profiles.map((other) => other.name);
    checkKnown(name, known, `a column of ${place} for each task`);
    const profile = profiles[known.indexOf(name)]!;
    const task = labelTask(profile);
    if (task) return { ...task, profile, why: 'You named it.' };
    return fail({
      expected: `two values, a few classes or numbers in column "${name}", for a task`,
      received:
        profile.counts.size < 2 ? `${profile.counts.size} in ${place}` : `${profile.counts.size} different texts`,
      fix: 'Name another column, or clean its values.',
    });
  });
  const asFeatures = pairs.filter(({ profile, event }) => names.includes(event.name) && !names.includes(profile.name));
  return { labels, warnings: asFeatures.map(timeAsFeature) };
}

function timeAsFeature({ profile: times, event }: EventTimes): TableFinding {
  const message = `\`${times.name}\` may be the time until \`${event.name}\`, which is known only with the outcome. Leave it out of the features, or name it with \`tasks\` for a task of both.`;
  return tableFinding('time-of-event', { column: times.name }, { event: event.name }, message, {
    leaveOut: [times.name],
  });
}

/** Proposes labels by their names, or else the last column that can be a label. */
export function proposeTasks(profiles: readonly ColumnProfile[]): Proposal {
  const pairs = eventTimes(profiles);
  const pairOfTimes = new Map(pairs.map((pair) => [pair.profile, pair]));
  const events = new Set(pairs.map(({ event }) => event));
  const tasks = profiles.map((profile) =>
    events.has(profile) ? undefined : (pairOfTimes.get(profile) ?? plausible(profile)),
  );
  const isNamed = (profile: ColumnProfile, i: number) =>
    pairOfTimes.has(profile) ||
    (namesLabel(profile.name) && !(tasks[i]?.label === 'number' && namesPart(profile.name)));
  const first = profiles.findIndex((profile, i) => tasks[i] && isNamed(profile, i));
  const late = first >= 0 ? first : profiles.length / 2;
  const named = profiles.flatMap((profile, i): number[] => {
    const flag = i >= late && namesFlag(profile.name) && tasks[i]?.label === 'yes-no';
    return tasks[i] && (isNamed(profile, i) || flag) ? [i] : [];
  });
  const labelAt = (i: number, why: string): ProposedLabel => {
    const pair = pairOfTimes.get(profiles[i]!);
    return pair
      ? { ...pair, why: `By its name and that of \`${pair.event.name}\` beside it.` }
      : { ...tasks[i]!, profile: profiles[i]!, why };
  };
  /** A number between other columns, such as an income. */
  const isWithin = (i: number) => tasks[i]!.label === 'number' && i > 0 && i < profiles.length - 1;
  if (named.length > 0) {
    const trailing = trailingLabels(named.at(-1)!, tasks);
    const after = `It stands after \`${profiles[named.at(-1)!]!.name}\`, at the end of the row: a guess.`;
    return {
      labels: [...named.map((i) => labelAt(i, 'By its name.')), ...trailing.map((i) => labelAt(i, after))],
      warnings: [
        ...(named.length === 1 && isWithin(named[0]!)
          ? [guess(profiles[named[0]!]!.name, 'its name could also be that of a feature')]
          : []),
        ...trailing.map((i) => guess(profiles[i]!.name, 'it stands after a label')),
        ...between(named, profiles, events),
      ],
    };
  }
  const last = tasks.findLastIndex(canBeGuessed);
  if (last >= 0) {
    const where = last === profiles.length - 1 ? 'the last column' : 'the last column that can be a label';
    return {
      labels: [labelAt(last, `It is ${where}: a guess.`)],
      warnings: [guess(profiles[last]!.name, `it is ${where}, and no name says "label"`)],
    };
  }
  const message = 'No column has what a label has: two values, a few classes, or numbers.';
  return { labels: [], warnings: [tableFinding('no-tasks', {}, {}, message)] };
}

/** The task of a column; undefined for ids, times, and columns with a value in less than half of the rows. */
function plausible(profile: ColumnProfile): LabelTask | undefined {
  if (profile.missing > profile.present || namesId(profile.name) || isYear(profile)) return undefined;
  return chooseColumn(profile).use === 'left-out' ? undefined : labelTask(profile);
}

/** The one or two columns after the last label, if all of them have classes. */
function trailingLabels(last: number, tasks: readonly (LabelTask | undefined)[]): number[] {
  const places = tasks.flatMap((_, i) => (i > last ? [i] : []));
  if (places.length > MOST_TRAILING || last < tasks.length / 2) return [];
  return places.every((i) => canBeGuessed(tasks[i]) && tasks[i]!.label !== 'number') ? places : [];
}

/** Lists are features more often than labels. */
const canBeGuessed = (task: LabelTask | undefined): boolean => task !== undefined && task.label !== 'labels';

/** Warns of columns between labels: they are often known only after the labels. */
function between(
  labels: readonly number[],
  profiles: readonly ColumnProfile[],
  events: ReadonlySet<ColumnProfile>,
): TableFinding[] {
  const leaveOut = profiles.flatMap((profile, i) =>
    i > labels[0]! && i < labels.at(-1)! && !labels.includes(i) && !events.has(profile) ? [profile.name] : [],
  );
  if (leaveOut.length === 0) return [];
  const names = leaveOut.map((name) => `\`${name}\``);
  const shown = names.length > MOST_SHOWN ? [...names.slice(0, MOST_SHOWN), 'others'] : names;
  const message = `${listed(shown)} ${names.length === 1 ? 'stands' : 'stand'} between labels. Leave out what is known only after them.`;
  return [tableFinding('between-labels', {}, { columns: leaveOut }, message, { leaveOut })];
}

const guess = (column: string, because: string): TableFinding => {
  const message = `\`${column}\` as a task is a guess: ${because}. Name the label columns with \`tasks\` to decide yourself.`;
  return tableFinding('guessed-task', { column }, {}, message);
};

/** A column of times until an event, with the flag of the event beside it. */
type EventTimes = Required<Omit<ProposedLabel, 'why'>>;

/** With fewer different times or fewer events, there is nothing to find cut points between. */
const LEAST = 10;

/** The pairs of neighboring columns with the names and values of a time and its event, but none that share a column. */
function eventTimes(profiles: readonly ColumnProfile[]): EventTimes[] {
  const pairs = profiles.flatMap((times, i) =>
    [profiles[i - 1], profiles[i + 1]].flatMap((event) => (event && pairOf(times, event)) ?? []),
  );
  const uses = countsOf(pairs.flatMap(({ profile, event }) => [profile, event]));
  return pairs.filter(({ profile, event }) => uses.get(profile) === 1 && uses.get(event) === 1);
}

function pairOf(times: ColumnProfile, event: ColumnProfile): EventTimes | undefined {
  if (!namesTimeOf(times.name, event.name) || !measuresTimes(times)) return undefined;
  const isCensoring = namesCensoring(event.name);
  const meanings = event.texts.map(meaningOf);
  const happened = event.texts.filter((_, i) => meanings[i] === (isCensoring ? 0 : 1));
  const events = sum(happened, (text) => event.counts.get(text)!);
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
  return { profile: times, event, label: 'time', task, how: how.join(' ') };
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
