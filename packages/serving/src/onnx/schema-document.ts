import type { Feature, Schema, Task } from '@polytask/core';
import type { OnnxNames } from './onnx-names.ts';

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
