import {
  binary,
  checkOptions,
  checks,
  multiclass,
  regression,
  type Options,
  type Task,
  type Tasks,
} from '@polytask/core';
import { anything, entriesOf, ofKind, text, texts } from './json-checks.ts';

const { flag, number, oneOf, optional } = checks;
const notNegative = optional(number('a number of 0 or more', (value) => value >= 0));

const common = { kind: anything, from: optional(text), weightFrom: optional(text), weight: notNegative };

interface Kind {
  readonly options: Options<object>;
  make(options: never): Task;
}

const KINDS: Readonly<Record<string, Kind>> = {
  binary: {
    options: {
      ...common,
      positive: anything,
      above: optional(number('a number', () => true)),
      positiveWeight: notNegative,
    } as Options<object>,
    make: binary,
  },
  multiclass: { options: { ...common, classes: optional(texts) } as Options<object>, make: multiclass },
  regression: {
    options: {
      ...common,
      loss: optional(oneOf('squared', 'absolute', 'huber')),
      scale: optional(oneOf('standard', 'none')),
      log: optional(flag),
    } as Options<object>,
    make: regression,
  },
};

/** Tasks as a data set file has them: by name, `"binary"` or `{ "kind": "binary", "positive": "yes" }`. */
export const describedTasks = (value: unknown, where: string): Tasks =>
  Object.fromEntries(
    entriesOf(value, where).map(([name, each]) => {
      const { entry, description } = ofKind(each, KINDS, `${where}.${name}`);
      checkOptions(description, entry.options, `${where}.${name}`);
      const { kind: _, ...options } = description as { kind?: string };
      return [name, entry.make(options as never)];
    }),
  );
