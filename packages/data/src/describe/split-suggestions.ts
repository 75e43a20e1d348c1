import type { ColumnProfile } from './column-profile.ts';
import { namesBeginning, namesGroup, namesId } from './name-words.ts';
import { isNumber } from './missing-markers.ts';
import { isTime, sortsByTime } from './time-column.ts';

/** How rows could be split other than at random: by time, or with the rows of one user together. */
export function splitSuggestions(profiles: readonly ColumnProfile[]): string[] {
  const times = profiles.filter((each) => !namesBeginning(each.name) && isTime(each) && sortsByTime(each));
  const time = times.find(ascends) ?? times[0];
  const group = profiles.find(
    ({ counts, missing, name, present }) =>
      namesId(name) && namesGroup(name) && missing === 0 && counts.size > 2 && counts.size < present,
  );
  return [
    ...(time
      ? [
          `To test on the latest rows, add "split": ${written({ kind: 'time', column: time.name, validation: 0.1, test: 0.1 })}.`,
        ]
      : []),
    ...(group
      ? [
          `To keep the rows of one \`${group.name}\` in one part, add "split": ${written({ kind: 'random', validation: 0.1, test: 0.1, by: group.name })}.`,
        ]
      : []),
  ];
}

/** Whether the rows are in the order of a time, as logs are. */
const ascends = ({ values }: ColumnProfile): boolean =>
  values.every((value, row) => row === 0 || timeOf(values[row - 1]!) <= timeOf(value));

const timeOf = (text: string): number => (isNumber(text) ? Number(text) : Date.parse(text));

const written = (split: object): string =>
  `{ ${Object.entries(split)
    .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
    .join(', ')} }`;
