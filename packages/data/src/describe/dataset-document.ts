import type { ColumnChoice } from './column-choice.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { DatasetDocument } from './description.ts';
import type { ProposedLabel } from './propose-tasks.ts';
import type { TableSample } from '../sampling/table-sample.ts';

/** Names the tasks after their columns. Models can't have a task with a dot in its name, or one named "shared". */
export function taskNames(labels: readonly ProposedLabel[]): (label: ProposedLabel) => string {
  const names = new Map<ProposedLabel, string>();
  const usedNames = new Set<string>();
  for (const label of labels) {
    let name = label.profile.name.replaceAll('.', '_');
    while (name === 'shared' || usedNames.has(name)) name += '_task';
    names.set(label, name);
    usedNames.add(name);
  }
  return (label) => names.get(label)!;
}

interface Parts {
  readonly files: string;
  readonly encoding: string;
  readonly sample: TableSample;
  readonly markers: readonly string[];
  readonly labels: readonly ProposedLabel[];
  readonly nameIn: (label: ProposedLabel) => string;
  readonly choices: ReadonlyMap<ColumnProfile, ColumnChoice | undefined>;
}

/** The data set file of these choices. */
export function datasetDocument({ files, encoding, sample, markers, labels, nameIn, choices }: Parts): DatasetDocument {
  const { delimiter = ',', comment, skip = 0, header = true } = sample.csv ?? {};
  const csv = {
    ...(delimiter !== ',' && { delimiter }),
    ...(comment !== undefined && { comment }),
    ...(skip > 0 && { skip }),
    ...(!header && { header: sample.columns.map(({ name }) => name) }),
    ...(markers.length > 0 && { missing: markers }),
    ...(encoding !== 'utf-8' && { encoding }),
  };
  return {
    files,
    ...(Object.keys(csv).length > 0 && { csv }),
    features: Object.fromEntries(
      [...choices].flatMap(([{ name }, choice]) => (choice?.use === 'feature' ? [[name, choice.feature]] : [])),
    ),
    tasks: Object.fromEntries(labels.map((label) => [nameIn(label), taskOf(label, nameIn(label))])),
  };
}

function taskOf({ profile, task }: ProposedLabel, name: string): DatasetDocument['tasks'][string] {
  if (profile.name === name) return task;
  const { kind, ...options } = typeof task === 'string' ? { kind: task } : task;
  return { kind, from: profile.name, ...options };
}
