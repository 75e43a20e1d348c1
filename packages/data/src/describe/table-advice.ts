import { sum } from '@polytask/components';
import { timesOf } from '../columns/columns.ts';
import type { RowSplit } from '../fitting/row-split.ts';
import { binaryLabel } from '../labels/index.ts';
import { dateFormats, isTime, isYear, sortFormat, sortsByTime, type ColumnProfile } from './column-profile.ts';
import type { DatasetDocument } from './description.ts';
import { tellEachOther } from './find-leaks.ts';
import { areSiblings, namesBeginning, namesGroup, namesId } from '../words/name-words.ts';
import { presentNumbers, standardMoment } from './number-column.ts';
import type { ProposedLabel } from './propose-tasks.ts';
import { type DescribeRemedy, tableFinding, type TableFinding, type TableSample } from '../sampling/table-sample.ts';
import { counted, grouped, listed, percent } from '../words/words.ts';

/** With fewer rows, a tenth has no row. */
export const LEAST_ROWS = 5;

export function tableWarnings(
  sample: TableSample,
  dataset: DatasetDocument,
  labels: readonly ProposedLabel[],
): TableFinding[] {
  const { encoding, total } = sample;
  const few = `${counted(total, 'row')} can't be split into parts to train, validate and test on.`;
  const letters = `Read as ${encoding}, because it is no UTF-8. Look whether its letters are right.`;
  const twins = labels.flatMap(({ profile }, i) => {
    const twin = labels.slice(0, i).find((other) => tellEachOther(other.profile, profile));
    if (!twin) return [];
    const [column, same] = [profile.name, twin.profile.name];
    const message = `\`${column}\` says the same as \`${same}\`. Keep one of the tasks.`;
    return [tableFinding('same-labels', { column }, { same }, message)];
  });
  return [
    ...sample.warnings,
    ...(total < LEAST_ROWS ? [tableFinding('too-few-rows', {}, { total }, few)] : []),
    ...(encoding === 'windows-1252' ? [tableFinding('encoding', {}, { encoding }, letters)] : []),
    ...(Object.keys(dataset.features).length > 0
      ? []
      : [tableFinding('no-features', {}, {}, 'No column is left as a feature.')]),
    ...twins,
  ];
}

/** A score is to be known to so much by the test rows, in a 95% interval. */
const KNOWN_TO = 0.1;

/**
 * Warns where the test rows can't tell good models from bad ones: the 95% interval of the AUC is wider than ±.1 (for an AUC of .8: Hanley &
 * McNeil 1982), that of the accuracy of several classes is (for one of .5), or that of the RMSE is wider than ±10% (for errors with the kurtosis of the labels, or of normal errors).
 */
export function fewLabels({ label, task, event, profile }: ProposedLabel, split: RowSplit | undefined): TableFinding[] {
  const { name: column, counts, present, share } = event ?? profile;
  const tested = (typeof split?.test === 'number' ? split.test : 0.1) / share;
  const isYes = binaryLabel({ positive: typeof task === 'object' ? (task['positive'] as string[]) : undefined });
  const yes = sum([...counts], ([text, count]) => (isYes(text) === 1 ? count : 0));
  const isBinary = label === 'yes-no' || label === 'time';
  const isLog = typeof task === 'object' && task['log'] === true;
  const rare = Math.max(1, isBinary ? Math.min(yes, present - yes) : present);
  const [score, margin] = isBinary
    ? ['AUC', marginOfAuc(rare * tested, (present - rare) * tested)]
    : label === 'number'
      ? [isLog ? 'RMSLE' : 'RMSE', Z * Math.sqrt((tailOf(profile, isLog) - 1) / (4 * present * tested))]
      : ['accuracy', Z / Math.sqrt(4 * present * tested)];
  if (margin <= KNOWN_TO) return [];
  const enough = Number(Math.ceil((rare / share) * (margin / KNOWN_TO) ** 2).toPrecision(2));
  const known = (part: number) =>
    label === 'number' ? `${Math.ceil(100 * part)}%` : String(Math.ceil(100 * part) / 100);
  const value = isBinary ? ` with ${yes > present - yes ? 'no' : 'yes'}` : '';
  const tests = counted(Math.round(rare * tested), `row${value} is`, `rows${value} are`);
  const few = `about ${tests} for the test, so the 95% interval of its ${score} is ±${known(margin)}`;
  const has = Math.round(rare / share);
  const remedy = `For ±${known(KNOWN_TO)}, the table needs about ${grouped(enough)} rows${value}; it has ${grouped(has)}. \`polytask bench --folds 10\` tests on all of them.`;
  return [
    tableFinding('few-labels', { column }, { score, margin, has, enough }, `\`${profile.name}\`: ${few}. ${remedy}`),
  ];
}

const Z = 1.96;

/** The kurtosis of normal errors. The standard error of a variance grows with √(kurtosis − 1). */
const NORMAL = 3;

const tailOf = (profile: ColumnProfile, isLog: boolean): number => {
  const numbers = presentNumbers(profile);
  return Math.max(NORMAL, standardMoment(isLog ? numbers.map(Math.log1p) : numbers, 4));
};

/** Half of the 95% interval of an AUC of .8, with so many rows of each class. */
function marginOfAuc(yes: number, no: number): number {
  const auc = 0.8;
  const [ofYes, ofNo] = [auc / (2 - auc) - auc ** 2, (2 * auc ** 2) / (1 + auc) - auc ** 2];
  return Z * Math.sqrt((auc * (1 - auc) + (yes - 1) * ofYes + (no - 1) * ofNo) / (yes * no));
}

/** From this share of rows with one number on, an error says more about that number than about the others. */
const MOSTLY = 0.5;

/** Warns of a regression whose label is mostly its least number, such as 0 for a cost. */
export const mostlyOneValue = (labels: readonly ProposedLabel[]): TableFinding[] =>
  labels.flatMap(({ label, profile }): TableFinding[] => {
    const { name, counts, numbers, present } = profile;
    const [[value, count]] = [...counts] as [[string, number]];
    const least = Number(value);
    if (label !== 'number' || count < MOSTLY * present || numbers!.some((number) => number < least)) return [];
    const task = written({ kind: 'binary', from: name, above: least });
    const key = JSON.stringify(`${name}_above_${least}`.replaceAll('.', '_')); // a task has no dot in its name
    const message = `${percent(count, present)} of \`${name}\` are ${value}. Add a yes/no task for the others: ${key}: ${task}.`;
    return [tableFinding('mostly-one-value', { column: name }, { value: least, share: count / present }, message)];
  });

const suggestion = (kind: string, column: string, message: string, remedy?: DescribeRemedy): TableFinding => ({
  ...tableFinding(kind, { column }, {}, message, remedy),
  severity: 'note',
});

/** Suggests further tasks: features with the form and the kind of name of a label, such as `home_score` beside `away_score`. */
export const siblingSuggestions = (
  labels: readonly ProposedLabel[],
  features: readonly ColumnProfile[],
): TableFinding[] =>
  labels.flatMap(({ profile }) => {
    const siblings = features.filter(
      ({ name, numbers }) =>
        areSiblings(name, profile.name) && (numbers === undefined) === (profile.numbers === undefined),
    );
    if (siblings.length === 0) return [];
    const names = listed(siblings.map(({ name }) => `\`${name}\``));
    const tasks = [...labels.map((label) => label.profile), ...siblings].map(({ name }) => name);
    const message =
      `${names} and the label \`${profile.name}\` have similar names. If ${names} ${siblings.length === 1 ? "isn't" : "aren't"} known before ` +
      `\`${profile.name}\`, predict all of them: --tasks ${tasks.join(',')}.`;
    return [suggestion('similar-labels', profile.name, message, { tasks })];
  });

/** A tenth of the rows for validation and for the test, if a split names no fractions. */
const TENTHS = { validation: 0.1, test: 0.1 };

/** A split with fractions, and by time with the format of its column's dates, unless it names them. */
export function completeSplit(split: RowSplit | undefined, profiles: readonly ColumnProfile[]): RowSplit | undefined {
  if (!split || split.kind === 'column') return split;
  const sized = split.validation === undefined && split.test === undefined ? { ...split, ...TENTHS } : split;
  if (sized.kind === 'random') return sized;
  const times = profiles.find(({ name }) => name === sized.column);
  const { format = times && sortFormat(times), ...others } = sized;
  return { ...others, ...(format && { format }) };
}

/** Suggests a split by time, and a random split that keeps the rows of one user together; for a given split by time, no trend. */
export function splitSuggestions(profiles: readonly ColumnProfile[], given: RowSplit | undefined): TableFinding[] {
  if (given) return given.kind === 'time' ? withoutTrend(profiles.find(({ name }) => name === given.column)) : [];
  const times = profiles.filter(
    (profile) => !namesBeginning(profile.name) && (isTime(profile) || isYear(profile)) && sortsByTime(profile),
  );
  const time = times.find(ascends) ?? times[0];
  const group = profiles.find(
    ({ counts, missing, name, present }) =>
      (name.toLowerCase() === 'id' || (namesId(name) && namesGroup(name))) &&
      missing === 0 &&
      counts.size > 2 &&
      counts.size < present,
  );
  const suggestions: TableFinding[] = [];
  if (time) {
    const split = completeSplit({ kind: 'time', column: time.name }, profiles)!;
    const message = `To test on the latest rows, add "split": ${written(split)}.`;
    suggestions.push(suggestion('time-column', time.name, message, { split }), ...withoutTrend(time));
  }
  if (group) {
    const split: RowSplit = { kind: 'random', ...TENTHS, groupBy: group.name };
    const message = `To keep the rows of one \`${group.name}\` in one part, add "split": ${written(split)}.`;
    suggestions.push(suggestion('rows-of-one-id', group.name, message, { split }));
  }
  return suggestions;
}

/** Asks to leave the trend of a date out of the features, if the test rows are the latest ones. */
function withoutTrend(time: ColumnProfile | undefined): TableFinding[] {
  const formats = time && isTime(time) ? dateFormats(time) : [];
  if (!time || formats.length !== 1) return [];
  const feature = { kind: 'date', ...(formats[0] && { format: formats[0] }), parts: ['year', 'week'] };
  const column = `${JSON.stringify(time.name)}: ${written(feature)}`;
  const message = `With a split by time, the trend of a test row is beyond those of all training rows. Leave it out: write ${column}.`;
  return [suggestion('trend-of-latest-rows', time.name, message)];
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
