import type { MultiTaskModel, Tasks } from '@polytask/core';
import type { TraceOptions } from '@polytask/compile';

/** A model's parameters and buffers at one moment, by the names of their inputs in a traced graph. */
export type Snapshot = Readonly<Record<string, Float32Array>>;

const inputOf = (parameter: string): string => `parameter:${parameter}`;

/** Copies all parameters and buffers; what the model is trained to afterwards doesn't change the copy. */
export async function readSnapshot<T extends Tasks>(model: MultiTaskModel<T>): Promise<Snapshot> {
  const entries = model.store.all().map(async ({ name, variable }) => {
    const values = await variable.data<'float32'>();
    return [inputOf(name), values.slice()] as const; // the cpu backend gives its own array
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Calls a model's variables by their parameters' names in a trace. */
export function parameterNames<T extends Tasks>(model: MultiTaskModel<T>): Required<Pick<TraceOptions, 'inputName'>> {
  const names = new Map(model.store.all().map(({ name, variable }) => [variable, inputOf(name)]));
  return { inputName: (variable) => names.get(variable) };
}
