import { timesOf } from '../columns/columns.ts';
import { dateFormats, isTime, sortFormat, sortsByTime, type ColumnProfile } from './column-profile.ts';
import type { DatasetDocument } from './description.ts';
import { tellEachOther } from './find-leaks.ts';
import { namesBeginning, namesGroup, namesId } from '../words/name-words.ts';
import type { ProposedLabel } from './propose-tasks.ts';
import type { DescribeWarning, TableSample } from '../sampling/table-sample.ts';
import { counted, percent } from '../words/words.ts';

/** With fewer rows, a tenth has no row. */
const LEAST_ROWS = 5;
const FEW_ROWS = 200;

export function tableWarnings(
  sample: TableSample,
  dataset: DatasetDocument,
  encoding: string,
  labels: readonly ProposedLabel[],
): DescribeWarning[] {
  const { total } = sample;
  const warnings: DescribeWarning[] = [...sample.warnings];
  const add = (kind: DescribeWarning['kind'], message: string) => void warnings.push({ kind, message });
  if (total < LEAST_ROWS) {
    add('too-few-rows', `${counted(total, 'row')} can't be split into parts to train, validate and test on.`);
  } else if (total < FEW_ROWS) {
    add('few-rows', `${counted(total, 'row')}: too few to tell much about kinds, or to train much.`);
  }
  if (encoding === 'windows-1252')
    add('encoding', `Read as ${encoding}, because it is no UTF-8. Look whether its letters are right.`);
  if (Object.keys(dataset.features).length === 0) add('no-features', 'No column is left as a feature.');
  labels.forEach((label, i) => {
    const twin = labels.slice(0, i).find(({ profile }) => tellEachOther(profile, label.profile));
    if (twin)
      add('same-labels', `\`${label.profile.name}\` says the same as \`${twin.profile.name}\`. Keep one of the tasks.`);
  });
  return warnings;
}

/** From this share of rows with one number on, an error says more about that number than about the others. */
const MOSTLY = 0.5;

/** Warns of a regression whose label is mostly its least number, such as 0 for a cost. */
export const mostlyOneValue = (labels: readonly ProposedLabel[]): DescribeWarning[] =>
  labels.flatMap(({ label, profile }): DescribeWarning[] => {
    const { name, counts, numbers, present } = profile;
    const [[value, count]] = [...counts] as [[string, number]];
    const least = Number(value);
    if (label !== 'number' || count < MOSTLY * present || numbers!.some((number) => number < least)) return [];
    const task = written({ kind: 'binary', from: name, above: least });
    const key = JSON.stringify(`${name}_above_${value}`.replaceAll('.', '_')); // a task has no dot in its name
    const message = `${percent(count, present)} of \`${name}\` are ${value}. Add a yes/no task for the others: ${key}: ${task}.`;
    return [{ kind: 'mostly-one-value', column: name, message }];
  });

/** Suggests a split by time, and a random split that keeps the rows of one user together. */
export function splitSuggestions(profiles: readonly ColumnProfile[]): string[] {
  const times = profiles.filter((profile) => !namesBeginning(profile.name) && isTime(profile) && sortsByTime(profile));
  const time = times.find(ascends) ?? times[0];
  const group = profiles.find(
    ({ counts, missing, name, present }) =>
      namesId(name) && namesGroup(name) && missing === 0 && counts.size > 2 && counts.size < present,
  );
  const suggestions: string[] = [];
  if (time) {
    const [formats, format] = [dateFormats(time), sortFormat(time)];
    const split = written({ kind: 'time', column: time.name, ...(format && { format }), validation: 0.1, test: 0.1 });
    const isDate = formats.length === 1;
    const feature = { kind: 'date', ...(formats[0] && { format: formats[0] }), parts: ['year', 'week'] };
    const column = `${JSON.stringify(time.name)}: ${written(feature)}`;
    const trend = ` A test row's trend is then beyond all training rows': write ${column}.`;
    suggestions.push(`To test on the latest rows, add "split": ${split}.${isDate ? trend : ''}`);
  }
  if (group) {
    const split = written({ kind: 'random', validation: 0.1, test: 0.1, groupBy: group.name });
    suggestions.push(`To keep the rows of one \`${group.name}\` in one part, add "split": ${split}.`);
  }
  return suggestions;
}

/** Whether the rows are in the order of their times, as in a log. */
function ascends(profile: ColumnProfile): boolean {
  const times = timesOf(profile.values, sortFormat(profile));
  return times.every((time, row) => row === 0 || times[row - 1]! <= time);
}

const written = (split: object): string =>
  `{ ${Object.entries(split)
    .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
    .join(', ')} }`;
