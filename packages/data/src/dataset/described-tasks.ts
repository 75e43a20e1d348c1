import {
  binary,
  checkOptions,
  multiclass,
  regression,
  taskOptions,
  type Options,
  type Task,
  type Tasks,
} from '@polytask/core';
import { anything, entriesOf, ofKind } from './json-checks.ts';

interface Kind {
  readonly options: Options<object>;
  make(options: never): Task;
}

const kind = <O extends object>(options: Options<O>, make: (options: O) => Task): Kind => ({
  options: { kind: anything, ...options } as Options<object>,
  make,
});

const KINDS: Readonly<Record<string, Kind>> = {
  binary: kind(taskOptions.binary, binary),
  multiclass: kind(taskOptions.multiclass, multiclass),
  regression: kind(taskOptions.regression, regression),
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
