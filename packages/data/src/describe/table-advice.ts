import { isTime, sortsByTime, type ColumnProfile } from './column-profile.ts';
import type { DatasetDocument, DescribeWarning } from './description.ts';
import { tellEachOther } from './find-leaks.ts';
import { isNumber } from './missing-markers.ts';
import { namesBeginning, namesGroup, namesId } from './name-words.ts';
import type { ProposedLabel } from './propose-tasks.ts';
import type { SampleRows } from './sample-rows.ts';
import { counted } from './words.ts';

/** With fewer rows a tenth is no row. */
const LEAST_ROWS = 5;
const FEW_ROWS = 200;

interface Facts {
  readonly sample: SampleRows;
  readonly dataset: DatasetDocument;
  readonly encoding: string;
  readonly labels: readonly ProposedLabel[];
}

/** What is to be said about the table as a whole. */
export function tableWarnings({ sample, dataset, encoding, labels }: Facts): DescribeWarning[] {
  const { rows, whole } = sample;
  const warnings: DescribeWarning[] = [...sample.warnings];
  const add = (kind: DescribeWarning['kind'], message: string) => void warnings.push({ kind, message });
  if (whole && rows.length < LEAST_ROWS) {
    add('too-few-rows', `${counted(rows.length, 'row')} can't be split into parts to train, validate and test on.`);
  } else if (whole && rows.length < FEW_ROWS) {
    add('few-rows', `${counted(rows.length, 'row')}: too few to tell much about kinds, or to train much.`);
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
