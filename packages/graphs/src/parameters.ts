import type { TraceOptions } from '@polytask/compile';
import type { MultiTaskModel } from '@polytask/core';

/** What of a model its parameters' inputs follow from. */
export type Parameterized = Pick<MultiTaskModel, 'store'>;

/** The input of a graph that holds a parameter or a buffer of the model. */
export const parameterInput = (parameter: string): string => `parameter:${parameter}`;

/** Names the variables of a model in a trace: their inputs are {@link parameterInput}s. */
export function parameterNames({ store }: Parameterized): Required<Pick<TraceOptions, 'inputName'>> {
  const names = new Map(store.all().map(({ name, variable }) => [variable, parameterInput(name)]));
  return { inputName: (variable) => names.get(variable) };
}

/** The parameters and buffers of a model at one moment, by the names of their inputs. */
export type Snapshot = Readonly<Record<string, Float32Array>>;

/**
 * Copies all parameters and buffers. More training doesn't change the copy.
 *
 * @example const file = forInference(traced, await readSnapshot(model));
 */
export async function readSnapshot({ store }: Parameterized): Promise<Snapshot> {
  const entries = store.all().map(async ({ name, variable }) => {
    const values = await variable.data<'float32'>();
    return [parameterInput(name), values.slice()] as const; // the cpu backend gives its own array
  });
  return Object.fromEntries(await Promise.all(entries));
}
