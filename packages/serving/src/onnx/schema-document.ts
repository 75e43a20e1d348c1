import { fail, type Feature, type Schema, type Task } from '@polytask/core';

/** What features and tasks are called in an exported file. */
export interface OnnxNames {
  /** The features' names, in the schema's order. */
  readonly inputs: readonly string[];
  /** By task. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Names of values inside of the graph begin in these ways. */
const INNER = /^[tis]:/;

const SUFFIX = '_prediction';

/**
 * Inputs have the features' names, outputs the tasks'. In an ONNX graph no two values have one name: a task that is called
 * like a feature gets `_prediction` after its name (as often as it takes).
 *
 * @throws PolytaskError when a feature or task has a name that is empty, or begins with t:, i: or s:
 */
export function onnxNames({ features, tasks }: Pick<Schema, 'features' | 'tasks'>): OnnxNames {
  const inputs = Object.keys(features);
  for (const name of [...inputs, ...Object.keys(tasks)]) {
    if (name !== '' && !INNER.test(name)) continue;
    fail({
      expected: 'features and tasks with names that are not empty and do not begin with t:, i: or s:, for an ONNX file',
      received: JSON.stringify(name),
      mend: 'Rename it in the schema.',
    });
  }
  const taken = new Set([...inputs, ...Object.keys(tasks).filter((task) => !inputs.includes(task))]);
  const outputs: Record<string, string> = {};
  for (const task of Object.keys(tasks)) {
    let name = task;
    if (inputs.includes(task)) {
      do name += SUFFIX;
      while (taken.has(name));
      taken.add(name);
    }
    outputs[task] = name;
  }
  return { inputs, outputs };
}

/** The number of the document's form; it changes when a reader of the old one would misread the new one. */
const FORMAT = 1;

/** All that another language needs to encode rows and to read results: what stands in a file as `polytask.schema`. */
export interface SchemaDocument {
  readonly format: number;
  /** By the name of the input; vocabularies in the order of their codes, from 2 up. */
  readonly features: Readonly<Record<string, Feature>>;
  /** By task: its kind, its classes, and the output that holds it. */
  readonly tasks: Readonly<Record<string, { kind: Task['kind']; classes?: readonly string[]; output: string }>>;
  /** What hashed features do: code = 2 + hash % buckets. */
  readonly hash: string;
}

export const schemaDocument = ({ features, tasks }: Schema, names: OnnxNames): SchemaDocument => ({
  format: FORMAT,
  features,
  tasks: Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      {
        kind: task.kind,
        ...(task.kind === 'multiclass' ? { classes: task.classes! } : {}),
        output: names.outputs[name]!,
      },
    ]),
  ),
  hash: 'FNV-1a, 32 bits, over UTF-16 code units',
});
