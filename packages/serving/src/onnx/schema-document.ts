import { mapValues, fail } from '@polytask/components';
import { labelDecoder, isLog, predictionTypeOf, signedLog, type Feature, type Schema, type Task } from '@polytask/core';

/** The names of features, in the schema's order, and of tasks in an exported file. */
export type OnnxNames = ReturnType<typeof onnxNames>;

/** The prefixes of names inside of the graph. */
const INNER = /^[tis]:/;

const SUFFIX = '_prediction';

/** Names in a graph are unique, so a task with the name of a feature gets the suffix `_prediction`, more than once if need be. */
export function onnxNames({ features, tasks }: Pick<Schema, 'features' | 'tasks'>) {
  const inputs = Object.keys(features);
  for (const name of [...inputs, ...Object.keys(tasks)]) {
    if (name !== '' && !INNER.test(name)) continue;
    fail({
      expected: 'features and tasks with names that are not empty and do not begin with t:, i: or s:, for an ONNX file',
      received: JSON.stringify(name),
      fix: 'Rename it in the schema.',
    });
  }
  const usedNames = new Set([...inputs, ...Object.keys(tasks)]);
  const outputs = mapValues(tasks, (_, task) => {
    let name = task;
    if (inputs.includes(task)) {
      do name += SUFFIX;
      while (usedNames.has(name));
      usedNames.add(name);
    }
    return name;
  });
  return { inputs, outputs };
}

/** The version of the document's format. It changes when an old reader would misread a new document. */
const FORMAT = 1;

/** A task. A task of several numbers has their names: its `classes` or `labels`, its cut points (`times`), or the shares of its `quantiles`. */
interface TaskDocument {
  /** Under its `namesKey`. */
  readonly [names: string]: unknown;
  readonly kind: string;
  readonly output: string;
  /** The decision is yes from this probability on. */
  readonly threshold?: number;
  /**
   * Of a number: it is the prediction ± `margin`, in the unit of the label, or of sign(y) log(1 + |y|) if `log` is true. Of yes, no and
   * classes: a set has those whose probability is at least 1 − `margin`, and the likeliest.
   */
  readonly interval?: { readonly level: number; readonly margin: number; readonly log?: true };
}

/** The JSON at `polytask.schema` in an exported file. Other languages use it to encode rows and to read predictions. */
export interface SchemaDocument {
  readonly format: number;
  /** The features by the name of their input. Entry i of a vocabulary has code 2 + i. */
  readonly features: Readonly<Record<string, Feature>>;
  /** By task: the kind, the classes, labels, times or shares, and the name of the output. */
  readonly tasks: Readonly<Record<string, TaskDocument>>;
  /** Names of the features that are the context of a row. Missing if there are none. */
  readonly context?: readonly string[];
  /** The hash function of hashed features: code = 2 + hash % buckets. */
  readonly hash: string;
}

function decisions(task: Task): Pick<TaskDocument, 'threshold' | 'interval'> {
  const { threshold, interval } = task.calibrated ?? {};
  const log = isLog(task);
  const decode = labelDecoder(task);
  const inUnit = (encoded: number) => (log ? signedLog(decode(encoded)) : decode(encoded));
  const margin =
    interval && (predictionTypeOf(task).interval === 'range' ? inUnit(interval.margin) - inUnit(0) : interval.margin);
  return {
    ...(threshold && { threshold: threshold.at }),
    ...(interval && { interval: { level: interval.level, margin: margin!, ...(log && { log }) } }),
  };
}

export const schemaDocument = ({ features, tasks, context }: Schema, names: OnnxNames): SchemaDocument => ({
  format: FORMAT,
  features,
  tasks: mapValues(tasks, (task, name) => {
    const { names: own, namesKey } = predictionTypeOf(task);
    return { kind: task.kind, ...(namesKey && { [namesKey]: own }), output: names.outputs[name]!, ...decisions(task) };
  }),
  ...(context && { context }),
  hash: 'FNV-1a, 32 bits, over UTF-16 code units',
});
