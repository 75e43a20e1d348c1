import { countsOf, type Spec, checkKnown, inNotebook } from '@polytask/components';
import type { RowSplit } from '../fitting/row-split.ts';
import { hasDecimalComma, withDecimalPoint } from '../columns/decimal.ts';
import { missingMarkers } from '../sampling/missing-markers.ts';
import { type SampleColumn, tableFinding, type TableFinding, type TableSample } from '../sampling/table-sample.ts';
import { labelColumns } from '../statistics/label-values.ts';
import { chooseColumn } from './choose-column.ts';
import { type ColumnChoice, leftOut } from './column-choice.ts';
import { type ColumnProfile, isWhole, profileOf } from './column-profile.ts';
import type { ColumnDescription, DatasetDocument, DescribeOptions, Description } from './description.ts';
import { descriptionView } from './description-view.ts';
import { type Leak, leaksIn, namesakes, targetsOf } from './find-leaks.ts';
import { repairCells } from './repair-cells.ts';
import { columnsOf, namedTasks, type ProposedLabel, proposeTasks } from './propose-tasks.ts';
import {
  fewLabels,
  LEAST_ROWS,
  mostlyOneValue,
  siblingSuggestions,
  completeSplit,
  splitSuggestions,
  tableWarnings,
} from './table-advice.ts';

export interface SampledFile extends Pick<DescribeOptions, 'tasks' | 'leaveOut' | 'cells' | 'split'> {
  readonly format?: Spec<'reader'> | undefined;
  readonly files: DatasetDocument['files'];
  readonly name: string;
}

export function describeSample(given: TableSample, { files, format, name, ...options }: SampledFile): Description {
  const { tasks, leaveOut = [], cells: rules = {} } = options;
  const known = given.columns.map((column) => column.name);
  for (const column of [...leaveOut, ...Object.keys(rules)]) checkKnown(column, known, `a column of ${name}`);
  const repair = repairCells(withDecimalPoints(given), rules);
  const { sample } = repair;
  const { profiles, usable, markers, warnings: markerWarnings } = profilesOf(sample, leaveOut);
  const split = completeSplit(options.split, profiles);
  const proposal = tasks ? namedTasks(tasks, usable, name) : proposeTasks(usable);
  const told = proposal.labels.flatMap(columnsOf);
  const labels = new Map(told.map((label) => [label.profile, label]));
  const named = withTaskNames(proposal.labels);
  const chosen = new Map(
    profiles.filter((profile) => !labels.has(profile)).map((profile) => [profile, choose(profile, usable, leaveOut)]),
  );
  const leaks = leaksIn(chosen, told);
  const columns = told.flatMap(targetsOf).flatMap(labelColumns);
  const choices = new Map(
    [...chosen].map(([profile, choice]) => {
      const leak = leaks.alone.get(profile);
      return [profile, leak ? leakChoice(profile, leak) : withLabels(profile, choice, told, columns)];
    }),
  );
  const isUsed = (column: string) =>
    told.some(({ profile }) => profile.name === column) ||
    [...choices].some(([{ name }, { use }]) => name === column && use === 'feature');
  const cells = [...repair.cells].filter(([column]) => isUsed(column));
  const dataset: DatasetDocument = {
    files,
    ...(format && { format: Object.keys(format.config as object).length === 0 ? format.name : format }),
    ...csvOf(sample, markers),
    ...(cells.length > 0 && { cells: Object.fromEntries(cells) }),
    features: Object.fromEntries(
      [...choices].flatMap(([{ name }, choice]) => (choice.use === 'feature' ? [[name, choice.feature]] : [])),
    ),
    tasks: Object.fromEntries(named.map(({ name, label }) => [name, taskOf(label, name)])),
    ...(split && { split }),
  };
  checkSplit(split, profiles, dataset);
  const delimiter = sample.warnings.find(({ evidence }) => evidence.choices); // all other warnings may come of a wrong one
  const warnings = [
    ...tableWarnings(sample, dataset, proposal.labels),
    ...repair.warnings.filter(({ about: { column = '' } }) => isUsed(column) || !repair.cells.has(column)),
    ...markerWarnings,
    ...proposal.warnings,
    ...onceEach([...choices.values()].flatMap((choice) => choice.warnings ?? [])),
    ...leaks.together,
    ...mostlyOneValue(proposal.labels),
    ...(sample.total < LEAST_ROWS ? [] : proposal.labels.flatMap((label) => fewLabels(label, split))),
  ];
  const description: Description = {
    complete:
      !delimiter &&
      !warnings.some(({ kind }) => kind === 'no-features' || kind === 'no-tasks' || kind === 'too-few-rows'),
    dataset,
    columns: profiles.map((profile) => described(profile, labels.get(profile), choices.get(profile))),
    tasks: named.map(({ name, label }) => ({ name, column: label.profile.name, ...kindAndReason(label) })),
    warnings: delimiter ? [delimiter] : warnings,
    suggestions: [
      ...siblingSuggestions(
        proposal.labels,
        profiles.filter((profile) => choices.get(profile)?.use === 'feature'),
      ),
      ...splitSuggestions(usable, split),
    ],
    sample: {
      rows: sample.size,
      total: sample.total,
      ...(sample.csv && { delimiter: sample.csv.delimiter, header: sample.csv.header }),
      ...(sample.csv?.decimal && { decimal: sample.csv.decimal }),
      missing: markers,
    },
  };
  return inNotebook(description, descriptionView);
}

/** With this share of numbers, a column is one of numbers. The others may mean that a value is missing. */
const MOSTLY = 0.95;
const DECIMAL_POINT = /^[-+]?\d+\.\d+$/;

/** Puts points in place of decimal commas, if no column has decimal points. Between commas, `"1,5"` may be a list, and stays a text. */
function withDecimalPoints(sample: TableSample): TableSample {
  const { csv, columns } = sample;
  if (!csv || csv.delimiter === ',') return sample;
  const hasMostly = ({ values }: SampleColumn, isFraction: (text: string) => boolean) => {
    const present = values.filter((text) => text !== '');
    const numbers = present.filter((text) => isFraction(text) || isWhole(text));
    return present.some(isFraction) && numbers.length >= MOSTLY * present.length;
  };
  const commas = columns.filter((column) => hasMostly(column, hasDecimalComma));
  const points = columns.some((column) => hasMostly(column, (text) => DECIMAL_POINT.test(text)));
  if (commas.length === 0 || points) return sample;
  const read = (text: string) => withDecimalPoint(text) ?? text;
  return {
    ...sample,
    csv: { ...csv, decimal: ',' },
    columns: columns.map((each) =>
      commas.includes(each) ? { ...each, values: each.values.map(read), written: each.values } : each,
    ),
  };
}

/** Profiles all columns, and selects those that a document can name and shall have. */
function profilesOf({ columns, csv, size, total }: TableSample, leaveOut: readonly string[]) {
  const counted = columns.map((column) => ({ ...column, raw: countsOf(column.values) }));
  const { markers, warnings } = csv ? missingMarkers(counted) : { markers: [], warnings: [] };
  const markerSet = new Set(markers);
  const profiles = counted.map(({ raw, ...column }) => {
    const profile = profileOf(column, raw, markerSet, size / total);
    const { written, ...others } = column;
    if (!written || profile.numbers) return profile;
    return profileOf({ ...others, values: written }, countsOf(written), markerSet, size / total); // texts stay as they are
  });
  const names = columns.map(({ name }) => name);
  const usable = profiles.filter(
    ({ name }) => canBeNamed(name) && !leaveOut.includes(name) && names.indexOf(name) === names.lastIndexOf(name),
  );
  return { profiles, usable, markers, warnings };
}

/** `__proto__` can't be the key of an object. */
const canBeNamed = (name: string): boolean => name !== '' && name !== '__proto__';

/** Removes repeated warnings: two columns with one name have the same. */
const onceEach = (warnings: readonly TableFinding[]): TableFinding[] => [
  ...new Map(warnings.map((warning) => [warning.message, warning])).values(),
];

function choose(profile: ColumnProfile, usable: readonly ColumnProfile[], leaveOut: readonly string[]): ColumnChoice {
  const { name } = profile;
  if (leaveOut.includes(name)) return leftOut('by-you', 'You named it.');
  if (!canBeNamed(name)) return leftOut('bad-name', 'It has no name that can be used.');
  if (usable.includes(profile)) return chooseColumn(profile);
  const message = `Two columns are called \`${name}\`. Rename one to use them.`;
  return leftOut('bad-name', 'Another column has the same name.', [
    tableFinding('bad-name', { column: name }, {}, message),
  ]);
}

/** A choice with what is said of the column beside the labels. @param columns of the labels */
function withLabels(
  profile: ColumnProfile,
  choice: ColumnChoice,
  labels: readonly ProposedLabel[],
  columns: readonly Float64Array[],
): ColumnChoice {
  if (choice.use === 'left-out') return choice;
  const further = choice.further?.(columns);
  const why = further === undefined ? choice.why : `${choice.why} ${further}`;
  return { ...choice, why, warnings: [...(choice.warnings ?? []), ...namesakes(profile, labels)] };
}

function leakChoice({ name }: ColumnProfile, { label, clause }: Leak): ColumnChoice {
  const message = `\`${name}\` ${clause}. It may come from it, so it is left out of the features.`;
  return leftOut('leak', `It ${clause}.`, [tableFinding('label-among-features', { column: name }, { label }, message)]);
}

function described(
  { name, missing, texts }: ColumnProfile,
  label: ProposedLabel | undefined,
  choice: ColumnChoice | undefined,
): ColumnDescription {
  const facts = { name, missing, distinct: texts.length, examples: texts.slice(0, 3) };
  if (label) return { ...facts, use: 'label', ...kindAndReason(label) };
  const { use, kind, why } = choice!;
  return { ...facts, use, kind, why } as ColumnDescription;
}

/** Names the tasks after their columns. Models can't have a task with a dot in its name, or one named "shared". */
function withTaskNames(labels: readonly ProposedLabel[]): { readonly name: string; readonly label: ProposedLabel }[] {
  const names = new Set(['shared']);
  return labels.map((label) => {
    let name = label.profile.name.replaceAll('.', '_');
    while (names.has(name)) name += '_task';
    names.add(name);
    return { name, label };
  });
}

/** Only options that differ from the defaults. */
function csvOf(sample: TableSample, markers: readonly string[]): Pick<DatasetDocument, 'csv'> {
  const { encoding = 'utf-8' } = sample;
  const { delimiter = ',', comment, skip = 0, header = true, decimal, skipBadRows } = sample.csv ?? {};
  const csv = {
    ...(delimiter !== ',' && { delimiter }),
    ...(comment !== undefined && { comment }),
    ...(skip > 0 && { skip }),
    ...(skipBadRows && { skipBadRows }),
    ...(!header && { header: sample.columns.map(({ name }) => name) }),
    ...(markers.length > 0 && { missing: markers }),
    ...(decimal && { decimal }),
    ...(encoding !== 'utf-8' && { encoding }),
  };
  return Object.keys(csv).length > 0 ? { csv } : {};
}

/** @throws PolytaskError for a split by a column or a task that isn't there */
function checkSplit(split: RowSplit | undefined, profiles: readonly ColumnProfile[], { tasks }: DatasetDocument): void {
  if (!split) return;
  const column = split.kind === 'random' ? split.groupBy : split.column;
  const names = profiles.map(({ name }) => name);
  if (column !== undefined) checkKnown(column, names, 'a column of the file for the split');
  if (split.kind === 'random' && Array.isArray(split.stratify))
    for (const task of split.stratify as string[])
      checkKnown(task, Object.keys(tasks), 'a task to stratify for the split');
}

const kindAndReason = ({ task, why, how }: ProposedLabel) => ({
  kind: typeof task === 'string' ? task : task.kind,
  why: `${why} ${how}`,
});

function taskOf({ profile, task }: ProposedLabel, name: string): DatasetDocument['tasks'][string] {
  if (profile.name === name) return task;
  const { kind, ...options } = typeof task === 'string' ? { kind: task } : task;
  return { kind, from: profile.name, ...options };
}
