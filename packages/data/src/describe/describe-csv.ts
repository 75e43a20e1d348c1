import { checkOptions, checks, type Options } from '@polytask/core';
import { anything, text as someText, texts } from '../options/checks.ts';
import { chooseColumn } from './choose-column.ts';
import { leftOut, type ColumnChoice } from './column-choice.ts';
import { countTexts, profileOf, type ColumnProfile } from './column-profile.ts';
import { datasetDocument, taskNames } from './dataset-document.ts';
import type { ColumnDescription, DescribeOptions, DescribeWarning, Description } from './description.ts';
import { findLeak, suspicions } from './find-leaks.ts';
import { missingMarkers } from './missing-markers.ts';
import { namedTasks, proposeTasks, type ProposedLabel } from './propose-tasks.ts';
import { sampleRows, type SampleRows } from './sample-rows.ts';
import { splitSuggestions, tableWarnings } from './table-advice.ts';

const { flag, optional, wholeNumber } = checks;
const OPTIONS: Options<DescribeOptions> = {
  whole: optional(flag),
  rows: optional(wholeNumber(1)),
  tasks: optional(texts),
  delimiter: optional(someText),
  header: optional(flag),
  encoding: optional(someText),
  files: optional(someText),
  name: anything,
};

/**
 * Describes a CSV text. It finds the delimiter, the names and the missing values, chooses a use for each column, proposes tasks,
 * and looks for columns that give a label away. A sentence explains each guess. Runs in browsers, too.
 *
 * @param text all of the CSV, or its beginning with `whole: false`
 * @returns plain data; `dataset` is the JSON document that `openDataset` and `polytask bench --data` read
 * @throws PolytaskError for a text without rows, for bytes that are no text, and for an unclosed quote. Also for a name in `tasks`
 * without a column, or whose column can't be a label
 * @example
 * const { dataset, columns, warnings } = describeCsv('age,state,income\n41,Utah,yes\n17,Ohio,no\n29,Iowa,no\n');
 * dataset.tasks; // { income: { kind: 'binary', positive: 'yes' } }
 */
export function describeCsv(text: string, options: DescribeOptions = {}): Description {
  checkOptions(options, OPTIONS, 'describeCsv');
  const sample = sampleRows(text, options);
  const { files = 'data.csv', encoding = 'utf-8', name = options.files ?? 'the text' } = options;
  const { profiles, usable, markers, warnings: markerWarnings } = profilesOf(sample);
  const proposal = options.tasks ? namedTasks(options.tasks, usable, name) : proposeTasks(usable);
  const labels = new Map(proposal.labels.map((label) => [label.profile, label]));
  const nameIn = taskNames(proposal.labels);
  const choices = new Map(
    profiles.map((profile) => [profile, labels.has(profile) ? undefined : choose(profile, usable, proposal.labels)]),
  );
  const dataset = datasetDocument({ files, encoding, sample, markers, labels: proposal.labels, nameIn, choices });
  const warnings = [
    ...tableWarnings(sample, dataset, encoding, proposal.labels),
    ...markerWarnings,
    ...proposal.warnings,
    ...onceEach([...choices.values()].flatMap((choice) => choice?.warnings ?? [])),
  ];
  return {
    complete: !warnings.some(({ kind }) => kind === 'no-features' || kind === 'no-tasks' || kind === 'too-few-rows'),
    dataset,
    columns: profiles.map((profile) => described(profile, labels.get(profile), choices.get(profile))),
    tasks: proposal.labels.map((label) => ({
      name: nameIn(label),
      column: label.profile.name,
      kind: label.kind,
      why: `${label.why} ${label.how}`,
    })),
    warnings,
    suggestions: splitSuggestions(usable),
    sample: {
      rows: sample.rows.length,
      whole: sample.whole,
      delimiter: sample.delimiter,
      header: sample.header,
      missing: markers,
    },
  };
}

/** Profiles all columns, and selects those that a document can name. */
function profilesOf({ names, rows }: SampleRows) {
  const columns = names.map((name, c) => {
    const values = rows.map((cells) => cells[c]!);
    return { name, values, raw: countTexts(values) };
  });
  const { markers, warnings } = missingMarkers(columns);
  const markerSet = new Set(markers);
  const profiles = columns.map(({ name, values, raw }) => profileOf(name, values, raw, markerSet));
  const usable = profiles.filter(({ name }) => canBeNamed(name) && names.indexOf(name) === names.lastIndexOf(name));
  return { profiles, usable, markers, warnings };
}

/** `__proto__` can't be the key of an object. */
const canBeNamed = (name: string): boolean => name !== '' && name !== '__proto__';

/** Removes repeated warnings: two columns with one name have the same. */
const onceEach = (warnings: readonly DescribeWarning[]): DescribeWarning[] => [
  ...new Map(warnings.map((warning) => [warning.message, warning])).values(),
];

function choose(
  profile: ColumnProfile,
  usable: readonly ColumnProfile[],
  labels: readonly ProposedLabel[],
): ColumnChoice {
  const { name } = profile;
  if (!canBeNamed(name)) return leftOut('bad-name', 'It has no name that can be used.');
  if (!usable.includes(profile)) {
    const message = `Two columns are called \`${name}\`. Rename one to use them.`;
    return leftOut('bad-name', 'Another column has the same name.', [{ kind: 'bad-name', column: name, message }]);
  }
  const choice = chooseColumn(profile);
  if (choice.use === 'left-out') return choice;
  const leak = findLeak(profile, labels);
  if (!leak) return { ...choice, warnings: [...(choice.warnings ?? []), ...suspicions(profile, labels)] };
  const message = `\`${name}\` ${leak}. It may come from it, so it is left out of the features.`;
  return leftOut('leak', `It ${leak}.`, [{ kind: 'label-among-features', column: name, message }]);
}

function described(
  { name, missing, counts }: ColumnProfile,
  label: ProposedLabel | undefined,
  choice: ColumnChoice | undefined,
): ColumnDescription {
  const facts = { name, missing, distinct: counts.size, examples: [...counts.keys()].slice(0, 3) };
  if (label) return { ...facts, use: 'label', kind: label.kind, why: `${label.why} ${label.how}` };
  const { use, kind, why } = choice!;
  return { ...facts, use, kind, why } as ColumnDescription;
}
